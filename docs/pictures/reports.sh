#!/bin/sh
# Makes the pictures of docs/reports.md anew: a season of simulated history, reports of it as pages, and Chromium to look at them.
# `make screenshots` runs it at the root of the project; CHROMIUM names another browser of that kind. Charts are
# drawn for Arial or Liberation Sans (fonts-liberation); with another font their names may be too long.
set -eu

browser=${CHROMIUM:-chromium}
season=${SEASON:-var/season}
pages=var/reports

mkdir -p "$pages"
# A season that was cut off is not taken for a whole one: it is gone on with, as what is there replaces itself.
if [ ! -d "$season" ]; then
	.venv/bin/sqm simulate --days 90 --to-history --until 2026-11-26 --folder "$season.partial"
	mv "$season.partial" "$season"
fi
export SQM_CLICKHOUSE__FOLDER="$season"

page() { # its name, then the words of the report
	name=$1
	shift
	.venv/bin/sqm report "$@" --zone Europe/Berlin --language en --format html --out "$pages/$name.html"
}

picture() { # the page, the name of the picture, width, height, and 0 for a reader who likes it dark
	profile=$(mktemp -d)
	"$browser" --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-sync \
		--hide-scrollbars --user-data-dir="$profile" --blink-settings=preferredColorScheme="${5:-1}" \
		--window-size="$3,$4" --screenshot="docs/pictures/$2.png" "file://$PWD/$pages/$1.html" >/dev/null 2>&1
	rm -rf "$profile"
	echo "docs/pictures/$2.png"
}

phone() { # a page in a frame of 390 pixels: no window of Chromium is that narrow
	echo "<body style='margin:0;background:#d8dee4'><iframe src='$1.html' style='border:0;display:block;margin:0 auto;width:390px;height:1600px;background:#fff'></iframe>" >"$pages/$1-phone.html"
}

page scorecard scorecard --period 2026-10
page decay attainment --standard counter-wait --by site,month --period 2026
page mondays attainment --standard registration-wait --by site,weekday --period 2026
page waits waits --standard till-wait --period 2026-10
page complaints complaints --period 2026-10 --against before
page violations violations --period 2026-W46

picture scorecard report-scorecard 1280 1100
picture decay report-attainment 1280 1180
picture decay report-attainment-dark 1280 1180 0
phone decay
picture decay-phone report-attainment-phone 500 1600
picture mondays report-mondays 1280 1200
picture waits report-waits 1280 1300
picture complaints report-complaints 1280 1300
picture violations report-violations 1280 1300
