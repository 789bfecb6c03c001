"""The still picture: where it is, and that fetching it is bounded."""

import pytest

from printers import NotAllowed, Refused, Unreachable
from printers.camera import fetch_still, read_camera
from printers.network import PRIVATE_NETWORKS, networks
from printers.octoprint import OctoPrintHost
from printers.virtual import VirtualOctoPrint, free_port
from tests.printers.front import front

WITHIN = networks(PRIVATE_NETWORKS)
PICTURE = b"\xff\xd8\xff\xe0 some JPEG"
BASE = "http://192.168.4.20/octo"


@pytest.mark.parametrize(
    ("webcam", "url"),
    [
        ({}, ""),
        ({"snapshotUrl": None, "webcams": []}, ""),
        ({"snapshotUrl": "http://192.168.4.30/still.jpg"}, "http://192.168.4.30/still.jpg"),
        ({"snapshotUrl": "/webcam/?action=snapshot"}, "http://192.168.4.20/webcam/?action=snapshot"),
        (
            {"snapshotUrl": "http://127.0.0.1:8080/?action=snapshot", "streamUrl": "/webcam/?action=stream"},
            "http://192.168.4.20/webcam/?action=snapshot",
        ),
        ({"snapshotUrl": "http://localhost:8080/?action=snapshot"}, ""),
        (
            {"webcams": [{"name": "classic", "compat": {"snapshot": "http://192.168.4.30/a", "stream": ""}}]},
            "http://192.168.4.30/a",
        ),
        ({"webcams": ["odd", {"compat": None}], "snapshotUrl": 7}, ""),
    ],
)
def test_where_the_picture_is(webcam, url):
    assert read_camera(webcam, BASE) == url


def test_octoprint_on_this_very_computer_may_name_it():
    webcam = {"snapshotUrl": "http://127.0.0.1:8080/?action=snapshot"}
    assert read_camera(webcam, "http://127.0.0.1:5000") == webcam["snapshotUrl"]


def test_a_real_octoprint_names_its_camera(octoprint, tmp_path):
    assert OctoPrintHost(octoprint.url, octoprint.api_key).camera() == ""
    with VirtualOctoPrint(tmp_path, free_port(), camera="/webcam/?action=snapshot") as seeing:
        host = OctoPrintHost(seeing.url, seeing.api_key)
        assert host.camera() == f"{seeing.url}/webcam/?action=snapshot"
        host.close()


def test_a_picture_comes_without_our_key(octoprint):
    with front(octoprint.port) as proxy:
        proxy.pages["/webcam/?action=snapshot"] = ("image/jpeg", PICTURE)
        url = f"http://127.0.0.1:{proxy.server_port}/webcam/?action=snapshot"
        assert fetch_still(url, WITHIN) == PICTURE
        assert "X-Api-Key" not in proxy.seen[0][1]


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "", "video/mp4"])
def test_what_is_no_picture_is_not_taken(octoprint, kind):
    with front(octoprint.port) as proxy:
        proxy.pages["/still"] = (kind, PICTURE)
        with pytest.raises(Unreachable, match="no picture"):
            fetch_still(f"http://127.0.0.1:{proxy.server_port}/still", WITHIN)


def test_too_much_of_a_picture_is_cut_off(octoprint):
    with front(octoprint.port) as proxy:
        proxy.pages["/still"] = ("image/jpeg", b"x" * (9 * 1024 * 1024))
        with pytest.raises(Unreachable):
            fetch_still(f"http://127.0.0.1:{proxy.server_port}/still", WITHIN)


def test_no_picture_is_a_refusal(octoprint):
    with front(octoprint.port, prefix="/nowhere") as proxy, pytest.raises(Refused):
        fetch_still(f"http://127.0.0.1:{proxy.server_port}/still", WITHIN)


@pytest.mark.parametrize(
    "url",
    ["http://169.254.169.254/latest", "file:///etc/passwd", "http://8.8.8.8/a.jpg", "http://a@127.0.0.1/"],
)
def test_the_networks_hold_for_cameras_too(url):
    with pytest.raises(NotAllowed):
        fetch_still(url, WITHIN)
