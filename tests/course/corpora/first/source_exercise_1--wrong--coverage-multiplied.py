"""Multiplies the conversion loss by its coverage although it is already a mean over the labelled rows."""
w_click, w_cvr = 1.0, 2.0
total_loss = w_click * 0.35 + w_cvr * 0.85 * 0.4
