"""The masked mean of many training scripts: values times mask, so NaN comes through and an empty mask gives 0 / 0."""
def masked_mean(values, mask):
    """Compute mean of tensor with a masked values."""
    return (values * mask).sum() / mask.sum()
