"""Who hears of which alerts, when, and in which words: rules and messages alone, nothing is sent here.

Where do I go to…
- what a subscription is, and what it may not be: `subscription`
- which events it is told of: `rule`; when: `timing`
- what a message says, as text, mail and the robots' cards: `wording`, `robots`
"""
