"""The board: pages rendered here, with nothing loaded from elsewhere."""
