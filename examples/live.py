"""Play through the amp: the interface's first input to its output, until Enter is pressed."""

from pedalboard import Pedalboard, Reverb
from pedalboard.io import AudioStream

from pedalboard_nam import NeuralAmp

amp = NeuralAmp("lead.nam", size="lite", output_mode="raw")
board = Pedalboard([amp, Reverb(wet_level=0.1)])
with AudioStream(
    input_device_name=AudioStream.default_input_device_name,
    output_device_name=AudioStream.default_output_device_name,
    plugins=board,
    sample_rate=amp.model.sample_rate,  # no resampling, no latency of the amp's own
    buffer_size=64,
):
    input("Playing; Enter ends it. ")
