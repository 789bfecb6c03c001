"""The command line."""

from printers.__main__ import main


def test_status_and_files_of_a_host(octoprint, real, short, capsys):
    real.host.upload("makerlab/a.gcode", short)
    key = str(octoprint.key_file)
    assert main(["status", octoprint.url, "--key-file", key]) == 0
    assert main(["files", octoprint.url, "--key-file", key]) == 0
    said = capsys.readouterr().out
    assert "OctoPrint 1.11.8: Operational" in said
    assert "0 good   0 failed  makerlab/a.gcode" in said


def test_an_address_outside_the_allowed_networks_is_one_sentence(octoprint, capsys):
    arguments = ["--key-file", str(octoprint.key_file), "--network", "10.0.0.0/8"]
    assert main(["status", octoprint.url, *arguments]) == 1
    assert capsys.readouterr().err == "127.0.0.1 is outside the networks of the printers\n"


def test_a_missing_key_file_is_one_sentence(tmp_path, capsys):
    assert main(["status", "http://127.0.0.1", "--key-file", str(tmp_path / "none")]) == 1
    assert "No such file" in capsys.readouterr().err
