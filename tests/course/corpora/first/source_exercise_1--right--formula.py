"""Names for every quantity, then the formula."""
bce_click = 0.35
bce_cvr = 0.85
w_click = 1.0
w_cvr = 2.0
total_loss = w_click * bce_click + w_cvr * bce_cvr
