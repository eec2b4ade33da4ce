"""Right: code golf, one lambda expression."""
dual_ascent_step = lambda lam, latency, budget, lr: max(0.0, lam + lr * (latency - budget))
