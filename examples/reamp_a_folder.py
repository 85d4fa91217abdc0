"""Every DI in `di/` through every amp in `amps/`; run it again, and only what is new is done."""

from pedalboard_nam import reamp_files

batch = reamp_files("di", "amps", "wet", on_error="skip", report="wet/listen.html")
for record in batch.records:
    print(f"{record.output}: {record.error or f'{record.loudness_db:.1f} dB'}")
