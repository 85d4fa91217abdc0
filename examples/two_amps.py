"""One DI through two amps, hard left and hard right, and a room around both."""

from pedalboard import Compressor, Reverb

from pedalboard_nam import Bus, NeuralAmp, Session, Track

session = Session(
    [
        Track("left", "di.wav", [NeuralAmp("rhythm.nam")], pan=-1, sends={"room": -15}),
        Track("right", "di.wav", [NeuralAmp("lead.nam")], pan=1, gain_db=-2, sends={"room": -15}),
    ],
    [Bus("room", [Reverb(wet_level=1, dry_level=0)])],
    [Compressor(threshold_db=-18, ratio=2)],
    tail_s=2,
)
session.bounce("two_amps.wav", stems="two_amps_stems", overwrite=True)
