"""Run the notebooks: kernels, cache, manifest and log."""
