"""Every DI in `di/` through every amp in `amps/`; run it again, and only what is new is done."""

from pedalboard_nam import reamp_files

manifest = reamp_files("di", "amps", "wet", on_error="skip", report="wet/listen.html")
for job in manifest.done:
    print(f"{job.output}: {job.loudness_db:.1f} dB")
for job in manifest.failed:
    print(f"{job.output}: {job.error}")
