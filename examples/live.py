"""Play through the amp: the interface's first input to its output, until Enter is pressed."""

import sys

from pedalboard import Pedalboard, Reverb
from pedalboard.io import AudioStream

from pedalboard_nam import NeuralAmp

amp = NeuralAmp("lead.nam", size="lite", output_mode="raw")
board = Pedalboard([amp, Reverb(wet_level=0.1)])
source, sink = AudioStream.default_input_device_name, AudioStream.default_output_device_name
if not (source and sink):
    sys.exit("There is no sound card with an input and an output.")
with AudioStream(
    input_device_name=source,
    output_device_name=sink,
    plugins=board,
    sample_rate=amp.model.sample_rate,  # no resampling, no latency of the amp's own
    buffer_size=64,
):
    input("Playing; Enter ends it. ")
