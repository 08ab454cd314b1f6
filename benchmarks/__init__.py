"""Figures of whole processes, as ratios against a peer that is timed in the same run."""
