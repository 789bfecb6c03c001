"""The catalogue itself: every object with its story, partner, colours, price and stock."""

from makerlab.demo.objects import (
    bauble,
    bowl_swell,
    candlestick,
    coaster_honeycomb,
    coaster_raked,
    hook,
    key_leaf,
    lantern,
    napkin_ring,
    pen_tray,
    planter,
    shade_pleats,
    star,
    vase_facets,
    vase_flutes,
    vase_wave,
)
from makerlab.demo.objects.model import (
    FRANKENBERG,
    GRAPHITE,
    IVORY,
    LOUSBERG,
    MUSTARD,
    NIGHT,
    PONT,
    REHM,
    ROSE,
    SAGE,
    SHOP,
    TERRACOTTA,
    WORKSHOP,
    WURM,
    DemoObject,
    DemoPart,
)

OBJECTS: tuple[DemoObject, ...] = (
    DemoObject(
        key="vase-welle",
        name="Vase Welle",
        story=(
            "Sieben weiche Wellen steigen vom Fuß zur Lippe und drehen sich dabei einmal um die Schulter. "
            "Im Licht eines Fensters wandern die Schatten mit der Sonne. "
            "Für Trockenblumen, oder mit einem Glas darin für frische."
        ),
        partner=PONT,
        tags=("Vase", "Wohnen", "Geschenk"),
        colours=(TERRACOTTA, SAGE, IVORY),
        price_cents=3900,
        stock={WORKSHOP: 2, SHOP: 3},
        build=vase_wave.build,
    ),
    DemoObject(
        key="vase-kannelur",
        name="Vase Kannelur",
        story=(
            "Achtzehn aufrechte Rillen wie an einer alten Säule, nur rund und weich. "
            "Die Vase steht ruhig und lässt den Blumen den Vortritt. "
            "Sie hält Trockenblumen; frische stellt man in einem Glas hinein."
        ),
        partner=PONT,
        tags=("Vase", "Wohnen", "Klassiker"),
        colours=(IVORY, NIGHT, MUSTARD),
        price_cents=3600,
        stock={WORKSHOP: 1, SHOP: 4},
        build=vase_flutes.build,
    ),
    DemoObject(
        key="vase-facette",
        name="Vase Facette",
        story=(
            "Aus lauter flachen Dreiecken gefaltet, wie ein Bogen Papier, der stehen gelernt hat. "
            "Jede Fläche fängt das Licht ein wenig anders. "
            "Drei Zweige darin genügen."
        ),
        partner=REHM,
        tags=("Vase", "Wohnen", "Geometrie"),
        colours=(ROSE, GRAPHITE, NIGHT),
        price_cents=3400,
        stock={WORKSHOP: 2, SHOP: 2},
        build=vase_facets.build,
    ),
    DemoObject(
        key="schirm-plissee",
        name="Lampenschirm Plissee",
        story=(
            "Sechsunddreißig Falten, gedruckt statt gelegt. "
            "Leuchtet die Lampe, werden die Täler hell und die Grate dunkel. "
            "Passt auf jede E27-Fassung mit Ring; bitte nur mit LED bis 8 Watt."
        ),
        partner=FRANKENBERG,
        tags=("Leuchte", "Wohnen", "Großes Stück"),
        colours=(IVORY, ROSE, SAGE),
        price_cents=6900,
        stock={WORKSHOP: 0, SHOP: 1},
        build=shade_pleats.build,
        process="0.28",
    ),
    DemoObject(
        key="windlicht-raute",
        name="Windlicht Raute",
        story=(
            "Ein Geflecht aus Rauten, das abends ein Muster an die Wand wirft. "
            "Alle Öffnungen stehen auf der Spitze, so druckt es sich ohne Stützen. "
            "Gemacht für LED-Teelichter."
        ),
        partner=FRANKENBERG,
        tags=("Licht", "Wohnen", "Geschenk"),
        colours=(MUSTARD, IVORY, GRAPHITE),
        price_cents=2400,
        stock={WORKSHOP: 3, SHOP: 2},
        build=lantern.build,
    ),
    DemoObject(
        key="kerzenhalter-kelch",
        name="Kerzenhalter Kelch",
        story=(
            "Breit im Fuß, schmal in der Mitte, oben öffnet er sich wie eine Blüte. "
            "Zu dritt in drei Farben ist er am schönsten. "
            "Für LED-Stabkerzen mit 22 Millimetern."
        ),
        partner=PONT,
        tags=("Licht", "Tisch", "Geschenk"),
        colours=(SAGE, TERRACOTTA, NIGHT),
        price_cents=2200,
        stock={WORKSHOP: 4, SHOP: 3},
        build=candlestick.build,
    ),
    DemoObject(
        key="schale-duenung",
        name="Schale Dünung",
        story=(
            "Der Rand hebt und senkt sich wie die See am Tag nach dem Sturm. "
            "Fünf Wellen, fünf Plätze, um die Schale mit zwei Händen zu fassen. "
            "Für Obst, Nüsse oder die Schlüssel."
        ),
        partner=WURM,
        tags=("Schale", "Tisch", "Wohnen"),
        colours=(NIGHT, SAGE, IVORY),
        price_cents=2900,
        stock={WORKSHOP: 2, SHOP: 2},
        build=bowl_swell.build,
    ),
    DemoObject(
        key="topf-laube",
        name="Kräutertopf Laube",
        story=(
            "Ein Topf für die Fensterbank, mit Rippen wie das Holz einer Gartenlaube. "
            "Unten läuft das Wasser ab, der Untersetzer fängt es auf. "
            "Basilikum wohnt gern darin, Thymian auch."
        ),
        partner=WURM,
        tags=("Pflanzen", "Küche", "Zweiteilig"),
        colours=(TERRACOTTA, GRAPHITE, SAGE),
        price_cents=2600,
        stock={WORKSHOP: 3, SHOP: 2},
        build=planter.build,
        process="0.28",
        own_name="Topf",
        parts=(DemoPart("Untersetzer", 1, planter.build_saucer),),
    ),
    DemoObject(
        key="untersetzer-wabe",
        name="Untersetzer Wabe",
        story=(
            "Einundsechzig Waben, in der Mitte klein und zum Rand hin groß. "
            "Was am Glas herunterläuft, bleibt in den Waben und nicht auf dem Tisch. "
            "Mehrere davon fügen sich zu einer Fläche."
        ),
        partner=REHM,
        tags=("Tisch", "Küche", "Kleines Stück"),
        colours=(MUSTARD, GRAPHITE, SAGE),
        price_cents=700,
        stock={WORKSHOP: 12, SHOP: 8},
        build=coaster_honeycomb.build,
    ),
    DemoObject(
        key="untersetzer-sand",
        name="Untersetzer Sandgarten",
        story=(
            "Linien wie mit dem Rechen in den Sand gezogen, rund um einen einzigen Stein. "
            "Der Stein liegt nicht in der Mitte, das macht ihn ruhig. "
            "Ein Glas steht trotzdem gerade."
        ),
        partner=WURM,
        tags=("Tisch", "Küche", "Kleines Stück"),
        colours=(IVORY, GRAPHITE, ROSE),
        price_cents=700,
        stock={WORKSHOP: 10, SHOP: 6},
        build=coaster_raked.build,
    ),
    DemoObject(
        key="haken-neigung",
        name="Wandhaken Neigung",
        story=(
            "Er verneigt sich ein wenig nach oben, damit nichts herunterrutscht. "
            "Für Jacke, Tasche und Hut, ohne Kanten, die am Stoff ziehen. "
            "Eine Stockschraube M5 hält ihn an der Wand."
        ),
        partner=LOUSBERG,
        tags=("Flur", "Ordnung", "Kleines Stück"),
        colours=(MUSTARD, NIGHT, SAGE, ROSE),
        price_cents=900,
        stock={WORKSHOP: 8, SHOP: 10},
        build=hook.build,
    ),
    DemoObject(
        key="ablage-furt",
        name="Stiftablage Furt",
        story=(
            "Drei Mulden, aus einem Block gewaschen wie von einem Bach. "
            "Lang für Stifte, kurz für Radierer und Spitzer, rund für Klammern. "
            "Der Boden ist gerundet, so rollt alles zur Mitte."
        ),
        partner=LOUSBERG,
        tags=("Schreibtisch", "Ordnung", "Büro"),
        colours=(GRAPHITE, SAGE, TERRACOTTA),
        price_cents=2400,
        stock={WORKSHOP: 2, SHOP: 3},
        build=pen_tray.build,
        process="0.28",
    ),
    DemoObject(
        key="serviettenring-korb",
        name="Serviettenring Korb",
        story=(
            "Zwei Scharen von Strängen laufen über- und untereinander wie im Korb einer Flechterin. "
            "Fest in der Hand und leicht auf dem Tisch. "
            "Sechs in sechs Farben, dann weiß jeder, welcher seiner ist."
        ),
        partner=REHM,
        tags=("Tisch", "Geschenk", "Kleines Stück"),
        colours=(TERRACOTTA, SAGE, IVORY, NIGHT, MUSTARD, ROSE),
        price_cents=800,
        stock={WORKSHOP: 9, SHOP: 12},
        build=napkin_ring.build,
    ),
    DemoObject(
        key="stern-falte",
        name="Stern Falte",
        story=(
            "Acht Strahlen, gefaltet aus Licht und Schatten. "
            "Ein Faden durch die Mitte, und er hängt im Fenster bis in den Februar. "
            "Das erste Stück, das viele bei uns drucken."
        ),
        partner=REHM,
        tags=("Anhänger", "Advent", "Kleines Stück"),
        colours=(IVORY, MUSTARD, NIGHT),
        price_cents=600,
        stock={WORKSHOP: 15, SHOP: 10},
        build=star.build,
        hint="Schnell gedruckt: unter einer Stunde.",
    ),
    DemoObject(
        key="schluessel-blatt",
        name="Schlüsselblatt",
        story=(
            "Ein Blatt für den Schlüsselbund, leicht und gut zu greifen. "
            "Durch die Adern scheint das Licht. "
            "Ein Nachmittag reicht für eine ganze Hecke."
        ),
        partner=LOUSBERG,
        tags=("Anhänger", "Unterwegs", "Kleines Stück"),
        colours=(SAGE, MUSTARD, TERRACOTTA),
        price_cents=500,
        stock={WORKSHOP: 20, SHOP: 14},
        build=key_leaf.build,
        hint="Schnell gedruckt: etwa 20 Minuten.",
    ),
    DemoObject(
        key="anhaenger-wirbel",
        name="Anhänger Wirbel",
        story=(
            "Ein Tropfen, der sich einmal um sich selbst gedreht hat. "
            "Der Faden läuft durch seine Mitte, mit einem Knoten darunter. "
            "Am Zweig, am Fenster oder an einem Geschenk."
        ),
        partner=PONT,
        tags=("Anhänger", "Advent", "Geschenk"),
        colours=(NIGHT, ROSE, MUSTARD),
        price_cents=900,
        stock={WORKSHOP: 6, SHOP: 8},
        build=bauble.build,
    ),
)
