"""Objectives and parameters on screen: what is in force and since when, and how a version is added."""
