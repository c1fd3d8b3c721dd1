"""Proofs about Telegram: killed bots, slow chats, couriers side by side, and what nobody should send."""
