"""What a person is told about a value: English source text with named gaps.

Each says what to do. They are constants so that a page can look the text up in its own
language first and fill the gaps afterwards; the core itself knows no language.
"""

EMPTY = "{label} is empty. Type a value, or say why it was not done."
NOT_A_NUMBER = "{typed} is not a number. Type {label} in digits."
AMBIGUOUS = "{typed} can be read two ways. Type it with a point and no other mark."
UNKNOWN_UNIT = "{label} is not read in {given}. Choose one of: {accepted}."
MISSING_UNIT = "{label} has no unit. Choose one of: {accepted}."
NO_UNIT_HERE = "{label} has no unit, not {given}. Leave the unit out."
UNKNOWN_CHOICE = "{typed} is no answer for {label}. Choose one of: {accepted}."
NOT_WHOLE = "{label} is a whole number, not {typed}. Type it again."
NOT_A_GRADE = "{label} has grades 0 to 5, not {typed}. Choose one."
NO_SUCH_GRADE = "CTCAE has no grade {typed} for {label}. Is it meant? It counts."

HARD_RANGE = "{label} is {low} to {high}{unit}. Type it again."
HARD_FROM = "{label} is {low}{unit} or more. Type it again."
HARD_RATE = "{label} is at most {high}{unit} an hour. Check the amount and the times."
NO_PERIOD = "{label} needs the time it began and the time it ended, in that order."
CONFIRM = "{label} {shown} is rare. Right value? Confirm it, or type it again."
# What two percentages differ by.
POINTS = "percentage points"
SOFT = "{label} {shown} is unusual. Right value? It counts until changed."
ZERO_PERIOD = "{label} 0 over {hours} h. Measured, and nothing came? It counts."
OTHER_UNIT = "Was it {other}? Then choose that unit."

JUMP_UP = "{shown} is {change} above {before}. Right value, and the right participant?"
JUMP_DOWN = (
    "{shown} is {change} below {before}. Right value, and the right participant?"
)

# Of a jump that does not wait for an answer.
COUNTS = " It counts until changed."
JUMP_UP_COUNTS = JUMP_UP + COUNTS
JUMP_DOWN_COUNTS = JUMP_DOWN + COUNTS

PAIR = "{label} is above {other}, which cannot be. Type both again."
PART = "{label} is more than {other}, of which it is a part. Type it again."
FLOW_ON_AIR = "An oxygen flow does not go with room air. Choose the device again."
FLOW_HIGH = "{label} takes up to {limit} L/min. Is it a high-flow cannula? It counts."
FLOW_LOW = "{label} takes {limit} L/min or more. Is the flow right? It counts."

RANGE_BELOW_ZERO = "A limit below 0 cannot be. Type both again."
RANGE_OF_NOTHING = "With an upper limit of 0 nothing is normal. Type both again."
RANGE_UPSIDE_DOWN = "The low end is above the high end. Type both again."
RANGE_NO_WIDTH = "Both ends are the same. Type both again."
