"""The scaler of scikit-learn and its two fitted attributes."""
from sklearn.preprocessing import StandardScaler


def fit_label_scaler(Y_train):
    scaler = StandardScaler().fit(Y_train)
    return scaler.mean_, scaler.scale_
