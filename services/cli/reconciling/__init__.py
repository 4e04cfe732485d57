"""
Reconciling: what an export says against what had arrived live.
"""
