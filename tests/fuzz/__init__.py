"""What must hold of any bytes: asked with hypothesis in `make test`, and for hours by `python -m tests.fuzz`."""
