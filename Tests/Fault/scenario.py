# Tempfail: a terminal dashboard for deferred mail.
# SPDX-License-Identifier: Apache-2.0
"""What one run tries: all of it follows from its seed."""
import dataclasses
import random

MTAS = ("exim", "postfix")
# How often each is picked.
ACTS = {"remove": 6, "bounce": 3, "hold": 2, "release": 2, "retry": 2, "requeue": 2, "undo": 5, "restore": 5, "group": 2}
CONDITIONS = {
    "normal": 3, "slow-before": 5, "slow-after": 4, "slow-midway": 4, "silent": 1, "idle": 1, "boasting": 1,
    "murmuring": 1, "dying": 2, "dying-after": 2, "half-said": 1, "refusing": 1}
DISTURBANCES = {
    "none": 2, "kill": 6, "term": 2, "hup": 2, "interrupts": 3, "closed": 2, "quit": 1, "second": 3, "full": 2,
    "error": 3, "kill-at-call": 3, "rival": 3}
# Another admin asks for the same: only acts that ask a question can be confirmed in the same moment.
RIVALED = ("remove", "bounce", "group")
# A command of its own has no dashboard to quit and no screen that could be closed midway.
COMMAND_DISTURBANCES = {"none": 2, "kill": 5, "term": 2, "hup": 2, "interrupts": 2, "second": 2, "parallel": 6, "full": 2, "error": 4, "kill-at-call": 8}
# Calls by which Tempfail keeps something, and how they fail: fsync comes most.
CALLS = {
    ("fsync", "EIO"): 3, ("fsync", "ENOSPC"): 3, ("write", "ENOSPC"): 3, ("write", "EIO"): 2, ("unlink,unlinkat", "EIO"): 2,
    ("rename,renameat,renameat2", "EIO"): 2, ("flock,fcntl", "ENOLCK"): 1}
TIMES = {1: 5, 2: 3, 3: 2}  # strace counts for each thread
# The calls of which a restore is made, by which a file or its name changes or is made to last; each thread begins anew to count.
CHANGES = ("fsync", "rename,renameat,renameat2", "rename,renameat,renameat2", "chmod,fchmodat,fchmod", "utimensat", "unlink,unlinkat",
           "fsync,rename,renameat,renameat2,chmod,fchmodat,utimensat,unlink,unlinkat")


def pick(generator, weights):
    return generator.choices(list(weights), list(weights.values()))[0]


@dataclasses.dataclass
class Scenario:
    seed: int
    mta: str
    act: str
    condition: str  # of the MTA's tool
    disturbance: str
    moment: str  # of the disturbance: at the key, when the tool begins, or some time later
    delay: float  # seconds after that moment
    early: bool  # Tempfail is started anew while the tool that it left still works
    messages: int
    eight_bit: bool  # a header that is not ASCII
    open_peer: bool  # what is tried during the act is delivered
    call: tuple = ()  # system call, error, and the how many-th
    room: int = 0  # pages left on a full disk

    @property
    def rival_act(self):
        """What the other admin asks for."""
        return "remove" if self.seed % 2 else "bounce"

    @property
    def asked(self):
        return {self.act, self.rival_act} if self.disturbance == "rival" else {self.act}

    @property
    def words(self):
        return f"{self.mta} {self.act} of {self.messages}, tool {self.condition}, {self.disturbance} at {self.moment}"


def scenario(seed, mta=None, act=None, disturbance=None):
    """The run of a seed; what is given is taken in place of what the seed says."""
    generator = random.Random(seed)
    picked = generator.choice(MTAS)
    mta = mta or picked
    acts = dict(ACTS)
    if mta == "exim":
        del acts["requeue"]  # Exim has none
    picked = pick(generator, acts)
    act = act or picked
    conditions = dict(CONDITIONS)
    if act in ("undo", "restore"):
        del conditions["boasting"]  # an injection has no words
    condition = pick(generator, conditions)
    disturbances = dict(COMMAND_DISTURBANCES if act == "restore" else DISTURBANCES)
    if act not in RIVALED:
        disturbances.pop("rival", None)
    picked = pick(generator, disturbances)
    disturbance = disturbance or picked
    call = (*pick(generator, CALLS), pick(generator, TIMES))
    if disturbance in ("error", "kill-at-call") and generator.random() < (0.9 if act in ("restore", "undo") else 0.5):
        call = (generator.choice(CHANGES), "EIO", pick(generator, TIMES))
    return Scenario(
        seed=seed, mta=mta, act=act, condition=condition, disturbance=disturbance,
        moment=generator.choice(("key", "begun", "begun", "later")), delay=generator.random() ** 2 / 4,
        early=generator.random() < 0.6,
        messages=generator.randint(101, 140) if act == "group" else generator.randint(1, 4),
        eight_bit=generator.random() < 0.08, open_peer=generator.random() < 0.4, call=call,
        room=generator.randint(0, 8))
