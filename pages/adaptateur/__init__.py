"""All that leans on Streamlit’s inside, or stands between the browser and it."""
