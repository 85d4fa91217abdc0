"""From second 2 on, the solo: another amp, 6 dB more into it, and the delay comes up."""

from pedalboard import Delay, Pedalboard, Reverb

from pedalboard_nam import Lane, Model, NeuralAmp, bounce

rhythm, lead = Model.load("rhythm.nam"), Model.load("lead.nam")
amp, delay = NeuralAmp(rhythm), Delay(0.35, mix=0)
board = Pedalboard([amp, delay, Reverb(wet_level=0.1)])
bounce(
    board,
    "di.wav",
    "solo.wav",
    automation={
        amp: {
            "model": Lane([(0, rhythm), (2, lead)], "step"),
            "input_gain_db": [(0, 0), (2, 0), (2.05, 6)],
        },
        delay: {"mix": [(0, 0), (2, 0), (3, 0.25)]},
    },
    tail=2.0,
    overwrite=True,
)
