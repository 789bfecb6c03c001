from makerlab.core.database import db
from tests.makerlab.conftest import Cast, SignIn
from tests.makerlab.sales.conftest import Shop


def test_sales_find_a_product(sign_in: SignIn, cast: Cast, shop: Shop) -> None:
    phone = sign_in(cast.dilek)
    for url in ("/verkauf", f"/verkauf/{shop.vase.code}", f"/verkauf/{shop.vase.code}/verkaufen", f"/verkauf/{shop.vase.code}/umraeumen", f"/verkauf/{shop.vase.code}/zaehlen",  f"/verkauf/{shop.vase.code}/preis", f"/verkauf/{shop.vase.code}/etiketten", "/lager"):
        answer = phone.get(url)
        assert answer.status_code == 200, url
    office = sign_in(cast.guel)
    assert office.get("/lager/orte").status_code == 200
    desk = sign_in(cast.boris)
    for url in ("/filament", "/filament/neu"):
        assert desk.get(url).status_code == 200, url
