"""Streamlit reads the metadata of every installed package at each new `AppTest`, half a second: once is enough."""

from functools import cache

from streamlit.components.v2 import manifest_scanner

manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
