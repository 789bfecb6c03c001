"""How OctoPrint is set up with a virtual printer; each setting was found to be needed for 1.11.8."""

import json

# firstRun: else the API answers 403. ignoreIncompleteStartup: else a kill -9 leads to safe mode.
# Checks and the disabled plugins reach for the internet and double the start.
# timeout: faults show within seconds. simulated_errors: the default injects resends.
# ambientTemperature and pinnedExtruders: no waiting for heat. runAt: no analysis beside our own.
_CONFIG = """\
server:
  firstRun: false
  seenWizards: {{}}
  ignoreIncompleteStartup: true
  allowFraming: false
  onlineCheck: {{enabled: false}}
  pluginBlacklist: {{enabled: false}}
  pythonEolCheck: {{enabled: false}}
gcodeAnalysis:
  runAt: never
serial:
  port: VIRTUAL
  baudrate: 115200
  autoconnect: true
  disconnectOnErrors: true
  timeout: {{communication: 3.0, communicationBusy: 2.0, connection: 5.0}}
plugins:
  _disabled:
  - softwareupdate
  - tracking
  - announcements
  - discovery
  - errortracking
  - achievements
  - health_check
  - backup
  - pi_support
  - firmware_check
  - file_check
  - {no_camera}
  - pluginmanager
  virtual_printer:
    enabled: true
    simulated_errors: []
    ambientTemperature: 300
    pinnedExtruders: {{0: 250.0}}
    rxBuffer: 128
    commandBuffer: 64
  classicwebcam:
    _config_version: 1
    snapshot: {camera}
"""


def config(camera: str = "") -> str:
    """The text of `config.yaml`; `camera`: address of a still picture, which takes a plugin more."""
    no_camera = "softwareupdate" if camera else "classicwebcam"  # one that is off anyway
    return _CONFIG.format(no_camera=no_camera, camera=json.dumps(camera))


# Speed and flow in per cent: moves that would sleep a tenth of their duration take no time.
FAST_MOVES = "M220 S100000000\nM221 S100000000\n"
