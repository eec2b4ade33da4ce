"""Divides the weighted sum by the sum of the weights, which is an average and not the total."""
bce_click = 0.35
bce_conv = 0.85
w_click, w_cvr = 1.0, 2.0
total_loss = round((w_click * bce_click + w_cvr * bce_conv) / (w_click + w_cvr), 3)
