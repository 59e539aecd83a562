"""Examines an installation without changing it: each finding says what is wrong and what to do. It may know all rooms;
only the command ``wijkbot doctor`` calls it.
"""
