"""Alerts as machines read them: CAP 1.2 messages (`cap`) and the Atom feed that lists them (`atom`).

What a message is about is a `Notice` (`notice`): one event of one alert in plain values, names and all.
"""
