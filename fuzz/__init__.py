"""Fuzzes the language: no input may give anything but a value or diagnostics."""
