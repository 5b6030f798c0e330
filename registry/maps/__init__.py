"""The map page and its layers: folium lives here only, and never carries records."""
