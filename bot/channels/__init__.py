"""Adapters: parse, render, run. Each knows ports, turns and its own library; none knows another."""
