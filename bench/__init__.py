"""Where the performance figures come from: one command, one table, ratios taken in the same run.

`python -m bench` (or `make bench`) prints the table; `--quick` runs it with tiny sizes; names choose parts of it.
Gates are CPU times, sizes and ratios of two things measured side by side; a wall clock is reported and gates only the
start. What the rows mean:

core turn   One message through the door's atomic unit (`Door._answer` inside `Database.submit`: dedupe look-up, account
            lock, dialogue, answer, received row) on SQLite with the product's own recipe (WAL, synchronous FULL). The
            messages are a wave of students who each ask for leave in one sentence, hand it in, look at their matters
            and at the menu, are approved by their counselor, and report back; the counselors list what waits. CPU is
            `time.process_time`, system time included, after a warm wave.
            Other: the very statements of such a wave, with their parameters, as the expressions of SQLAlchemy Core that
            were handed over (select(), insert(), update()), built beforehand, executed in the same transactions on an
            equal engine and an equal copy of the database, without a session. It parses no Chinese, seals nothing and
            draws no card: it is the floor. (An earlier floor replayed text() constructs; it was about a tenth cheaper.)
door turn   The same wave as POST /chat/say through the whole ASGI application (guard, gzip, cookie, token, form, door,
            read of the stream, HTML of the entry). Other: a bare Starlette handler with one ORM session a request that
            does as many selects, inserts and updates as such a message does, through mapped classes, commits, and
            answers a small JSON.
start       `python -m bot demo` in an empty folder (schema, invented school, duty roster), from the start of the
            process to its first answered chat message.
memory      Resident memory of a server after 1,000 messages, less that of an interpreter that only imports it.
loopback    Messages a second through the real HTTP server, and how soon a counselor's open stream shows what a student
            handed in. Reported only.
sweep       A tick with 1,000,000 open tickets of which none is due, alone and with everything else that the clock looks for
            every five seconds, and a tick with 1,000 due ones of 200 students: reminders, and steps up with what they make
            pointless. CPU is of this process; the wall clock is told beside, since PostgreSQL spends its own.
page        Bytes over the wire of /chat with its script and style sheet, compressed as served.
sends       Messages sent to a bare server of the Bot API in another process, with 1 and with 20 requests under way at once:
            the channel alone, and recorded: claimed, sent and settled by the product's courier, its pace set so high that
            nothing waits for it, allowed to hold 100 messages however many are on the wire. The rows of the outbox are
            written before, as the turn that answers writes them; what that costs is a row of its own, outside the gate.
            Other: python-telegram-bot's Bot.send_message over its HTTPXRequest, which records nothing. aiogram's
            send_message stands beside it. Peers live in a throw-away environment; without a network they are skipped.
            The gates are on CPU a send, of this process: PostgreSQL's own is not in it.
inbound     Updates of Telegram a second, each of a student of its own who asks for the menu, from the platform's request (or
            its answer to a poll) until the platform has the bot's message: kept, worked on, claimed, sent. Reported only.
"""
