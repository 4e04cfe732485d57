# Ko `sqm report` saka latviski. Vārdi ir tie paši, kas komandai `sqm explain`. Atslēgas un to argumenti visās valodās ir vieni.

## What every report says

report-title =
    { $kind ->
        [attainment] Kā tika ievēroti standarti
        [waits] Cik ilgi tas prasīja
        [violations] Pārkāpumi
        [complaints] Sūdzības
       *[scorecard] Rezultātu karte
    }
report-fact-period = Periods
report-fact-zone = Laiks pēc
report-fact-by = Dalījumā pēc
report-fact-against = Salīdzinājumā ar
report-fact-made = Sagatavots
report-fact-n = Par maz, ja mazāk par
report-span = { $begin } – { $end }
report-span-open = viss, kas ir vēsturē
report-named-span = { $name }: { $span }
report-made = { $at }, sqm { $version }
report-nothing = Nav ko rādīt
report-nothing-says = Vēsturē par šo periodu nekā tāda nav. Tas nav ne labi, ne slikti: neviens nenāca vai nekas nav pierakstīts.
report-contents = Saturs
report-how = Kā iegūti šie rādītāji
report-more-rows =
    { $n ->
        [zero] Vēl { $n } rindu šeit nav parādītas; CSV, JSON un Parquet ir visas.
        [one] Vēl { $n } rinda šeit nav parādīta; CSV, JSON un Parquet ir visas.
       *[other] Vēl { $n } rindas šeit nav parādītas; CSV, JSON un Parquet ir visas.
    }
report-not-said = nav norādīts
report-whole = viss kopā
report-others =
    { $n ->
        [zero] vēl { $n }, par maz, lai rādītu
        [one] vēl { $n }, par maz, lai rādītu
       *[other] vēl { $n }, par maz, lai rādītu
    }
report-target =
    { $better ->
        [lower] ne vairāk kā { $target }
       *[higher] vismaz { $target }
    }
report-by =
    { $by ->
        [site] Vieta
        [region] Reģions
        [queue] Rinda
        [hour] Stunda
        [clock_hour] Diennakts stunda
        [day] Diena
        [weekday] Nedēļas diena
        [week] Nedēļa
        [month] Mēnesis
        [channel] Kanāls
        [service] Pakalpojums
        [segment] Klienta veids
        [priority] Prioritāte
        [team] Komanda
       *[employee] Darbinieks
    }
report-weekday =
    { $day ->
        [1] pirmdiena
        [2] otrdiena
        [3] trešdiena
        [4] ceturtdiena
        [5] piektdiena
        [6] sestdiena
       *[7] svētdiena
    }
report-day-short =
    { $month ->
        [1] { $day }. janv.
        [2] { $day }. febr.
        [3] { $day }. marts
        [4] { $day }. apr.
        [5] { $day }. maijs
        [6] { $day }. jūn.
        [7] { $day }. jūl.
        [8] { $day }. aug.
        [9] { $day }. sept.
        [10] { $day }. okt.
        [11] { $day }. nov.
       *[12] { $day }. dec.
    }
report-weekday-short =
    { $day ->
        [1] Pr
        [2] Ot
        [3] Tr
        [4] Ce
        [5] Pk
        [6] Se
       *[7] Sv
    }
report-metric =
    { $name ->
        [sl_all_offered] Servisa līmenis, visi atnākušie
        [sl_short_excluded] Servisa līmenis bez ātri aizgājušajiem
        [sl_short_credited] Servisa līmenis, ātri aizgājušie ieskaitīti
        [sl_late_abandons] Servisa līmenis bez limitā aizgājušajiem
        [sl_abandons_credited] Servisa līmenis, limitā aizgājušie ieskaitīti
        [sl_answered_only] Servisa līmenis, tikai apkalpotie
        [goal_met] Limita robežās
        [abandonment] Aizgāja pirms apkalpošanas
        [abandonment_net] Aizgāja, bez ātri aizgājušajiem
        [asa] Vidējais laiks
        [aht] Vidējais apstrādes laiks
        [p50] Pusei ne vairāk kā
        [p75] 75 % ne vairāk kā
        [p90] 90 % ne vairāk kā
        [p95] 95 % ne vairāk kā
        [p99] 99 % ne vairāk kā
        [rate] Daļa
        [first_contact_resolution] Atrisināts pirmajā reizē
        [transfer_rate] Nodots tālāk
        [reopen_rate] Atvērts no jauna
        [per_100] Uz 100
        [per_1000] Uz 1000
        [complaints_per_1000] Sūdzības uz 1000 apmeklējumiem
        [lost_sales_per_100] Nenotikuši pirkumi uz 100 apmeklējumiem
        [csat_top2] Apmierināti (divi augstākie vērtējumi)
        [csat_mean] Vidējā apmierinātība
        [nps] Ieteikšanas indekss (NPS)
        [ces] Piepūles vērtējums
        [checklist_score] Pārbaudes lapas vērtējums
       *[critical_failures] Lapas ar kritisku kļūdu
    }

## States and trends

report-state =
    { $state ->
        [holds] ievērots
        [misses] nav sasniegts, varbūt nejauši
        [surely] nav sasniegts
        [few] par maz, lai vērtētu
        [unknown] mērķis nav zināms
       *[none] nav datu
    }
report-state-says =
    { $state ->
        [holds] mērķis ir sasniegts
        [misses] mērķis nav sasniegts, bet ne vairāk, kā izskaidro nejaušība (95 %)
        [surely] mērķis nav sasniegts vairāk, nekā izskaidro nejaušība
        [few] mazāk par standarta mazāko n, tāpēc vērtējuma nav
        [unknown] vēsturē nav šā standarta teksta
       *[none] nekas nav saskaitīts, un tas nav ne labi, ne slikti
    }
report-trend =
    { $trend ->
        [better] labāk
        [worse] sliktāk
        [same] bez skaidrām izmaiņām
       *[none] nav ar ko salīdzināt
    }
report-trend-from =
    { $trend ->
        [better] labāk nekā iepriekš ({ $before })
        [worse] sliktāk nekā iepriekš ({ $before })
        [same] iepriekš { $before }, skaidru izmaiņu nav
       *[none] iepriekš: nav datu
    }

## Columns

report-column-standard = Standarts
report-column-target = Mērķis
report-column-figure = Rādītājs
report-column-likely = Ticami (95 %)
report-column-n = n
report-column-before = Iepriekš
report-column-trend = Izmaiņas
report-column-state = Stāvoklis
report-column-with-excluded = Ar izslēgto
report-column-metric = Metrika
report-column-formula = Formula
report-column-mean = Vidēji
report-column-longest = Visilgāk
report-column-left = Aizgāja
report-column-within = Limita robežās
report-column-kind = Veids
report-column-reason = Iemesls
report-column-open = Atvērts
report-column-closed = Beidzies
report-column-retracted = Atsaukts
report-column-late = Ziņots vēlu
report-column-journey = Apmeklējums
report-column-value = Ilgums
report-column-limit = Limits
report-column-times = Pret limitu
report-column-opened = Atvērts
report-column-where = Kur
report-column-explain = Skaidrojums
report-column-count = Sūdzības
report-column-per-1000 = Uz 1000 apmeklējumiem
report-column-visits = Apmeklējumi
report-column-answered = Atbildētas
report-column-resolved = Atrisinātas
report-column-withdrawn = Atsauktas
report-column-reopened = Atvērtas no jauna
report-column-escalated = Nodotas tālāk
report-column-topic = Par ko
report-column-severity = Smagums

## Attainment

report-trend-title = { $metric }: laika gaitā
report-trend-chart = Pa punktam katram solim ({ $unit }), josla — kur rādītājs ticami atrodas (95 %), raustītā līnija — mērķis ({ $target }). No { $first } ({ $first_figure }) līdz { $last } ({ $last_figure }); zemākais { $lowest_at } ({ $lowest }), augstākais { $highest_at } ({ $highest }). Tukšajiem punktiem ir par maz datu, lai vērtētu.
report-unit =
    { $unit ->
        [hour] stunda
        [day] diena
        [week] nedēļa
       *[month] mēnesis
    }
report-groups-title = { $metric }; dalījums: { $by }
report-groups-chart = Pa punktam katrai rindai, svītra — kur rādītājs ticami atrodas (95 %), raustītā līnija — mērķis ({ $target }). Vistālāk no mērķa: { $worst } ({ $worst_figure }). Vislabāk: { $best } ({ $best_figure }).
report-groups-cut = Parādīti { $n }, kas ir vistālāk no mērķa.
report-heat-title = { $metric }: nedēļas dienas un stundas
report-heat-chart = Katrs lauks ir nedēļas dienas stunda, visas nedēļas kopā. Vistālāk no mērķa: { $worst } ({ $worst_figure }, n { $n }).
report-heat-grid = { $metric }; iekavās n
report-heat-few = par maz
report-level =
    { $name ->
        [sl_all_offered] visi atnākušie
        [sl_short_excluded] bez ātri aizgājušajiem
        [sl_short_credited] ātri aizgājušie ieskaitīti
        [sl_late_abandons] bez limitā aizgājušajiem
        [sl_abandons_credited] limitā aizgājušie ieskaitīti
       *[sl_answered_only] tikai apkalpotie
    }
report-levels-title = Tie paši apmeklējumi pēc katra servisa līmeņa
report-levels-chart = Seši servisa līmeņi aizgājušos skaita dažādi. Šo standartu vērtē pēc: { $aim }.
report-metrics-title = Visas šā standarta metrikas
report-tile-target = mērķis { $target }
report-tile-likely = ticami { $likely }
report-worst-group = Vistālāk no mērķa
report-state-title = Stāvoklis
report-n-title = Saskaitīts
report-excluded = Izslēgts pēc vienošanās: { $id }, { $begin } – { $end }: { $reason } Ievadīja: { $author }.
report-excluded-beside = Rādītājos nav tā, kas izslēgts pēc vienošanās; kolonna blakus ir kopā ar to.
report-how-attainment = { $metric } = { $formula }; tiek skaitīti { $counted } { $attribution }. Summas pret summām: mēneša rādītājs ir no mēneša summām, nevis no dienu rādītājiem.
report-attribution =
    { $kind ->
        [journeys] periodā, kad klients atnāca
       *[other] periodā, kad tie notika
    }
report-counted =
    { $kind ->
        [journeys] apmeklējumi
        [answers] atbildes
        [contacts] kontakti
        [checklists] pārbaudes lapas
       *[events] notikumi
    }
report-how-minutes = No minūšu summām, kas ir spēkā vēsturē, ar labojumiem.
report-how-measurements = No atsevišķiem mērījumiem, kas ir spēkā vēsturē, ar labojumiem: tikai tajos ir { $by }.
report-how-likely = “Ticami” ir tur, kur rādītājs atrodas ar 95 % pārliecību (daļai Vilsona intervāls, vidējam Stjūdenta). Mazs skaits saka maz, un intervāls ir plats.
report-how-state = Vērtējums par visu periodu: { $states }. Dzīvajā līnijā standartu vērtē tā paša logos, tāpēc pārkāpumi un šis stāvoklis var atšķirties.
report-how-names = Par darbiniekiem un komandām, kam ir mazāk par { $n }, vārdā nekas nav parādīts. Ja tāds ir tikai viens, nav parādīts arī nākamais mazākais, jo viena rādītāju varētu izrēķināt no pārējiem.

## Waits

report-percentile =
    { $name ->
        [p50] Puse
        [p75] 75 %
        [p90] 90 %
        [p95] 95 %
       *[p99] 99 %
    }
report-tile-of = { $good } no { $total }
report-tile-left = pirms apkalpošanas
report-distribution-title = Cik ilgi tas prasīja
report-distribution-chart = Cik daudzus apkalpoja kādā laikā, ar soli { $width }; raustītā līnija ir limits { $limit }. Limita robežās { $within } no { $n }. Pēdējā stabiņā ir viss ilgākais.
report-distribution-many = Cik daudzus apkalpoja kādā laikā, ar soli { $width }. Limita robežās, kas nav visiem vienāds, { $within } no { $n }. Pēdējā stabiņā ir viss ilgākais.
report-served = apkalpoti
report-left = aizgāja
report-limit = limits { $limit }
report-target-mark = mērķis: { $target }
report-percentiles-title = Puse, 90 % un 95 %; dalījums: { $by }
report-percentiles-chart = No kreisās: pusei ne vairāk, 90 %, 95 %. Visilgākie 90 %: { $worst } ({ $worst_figure }).
report-waits-heat-title = 90 % ne vairāk kā: nedēļas dienas un stundas
report-waits-heat-chart = Katrs lauks ir nedēļas dienas stunda, visas nedēļas kopā. Visilgāk: { $worst } ({ $worst_figure }, n { $n }).
report-waits-trend-title = Puse un 90 % laika gaitā
report-waits-trend-chart = Pa punktam katram solim ({ $unit }): pusei ne vairāk (apakšējā līnija), 90 % (augšējā). Visilgākie 90 %: { $worst } — { $worst_figure }.
report-how-waits = No atsevišķiem mērījumiem, kas ir spēkā vēsturē: laika uzskaites, kas apturētas un ticamas; aizgājušie saskaitīti blakus. Procentile ir tuvākā ranga vērtība, līdz milisekundei. Pēc vienošanās izslēgtais šeit ir iekšā.
report-times-limit =
    { $class ->
        [c0] līdz pusei limita
        [c1] limita robežās
        [c2] līdz diviem limitiem
        [c3] līdz četriem
       *[c4] ilgāk
    }
report-times-target =
    { $class ->
        [c0] divreiz labāk par mērķi
        [c1] mērķis sasniegts
        [c2] līdz diviem mērķiem
        [c3] līdz četriem
       *[c4] vairāk
    }
report-from-target =
    { $class ->
        [c0] labāk par 5 punktiem un vairāk
        [c1] mērķis sasniegts
        [c2] sliktāk līdz 10 punktiem
        [c3] sliktāk līdz 25 punktiem
       *[c4] vēl sliktāk
    }

## Violations

report-kind =
    { $kind ->
        [journey] Nav ievērots
        [at_risk] Bija apdraudēts
        [presence] Nav signāla
        [objective] Mērķis nav sasniegts
       *[burn] Rezerve tērējas par ātru
    }
report-reason =
    { $reason ->
        [limit_passed] limits pārsniegts
        [warning_passed] brīdinājuma slieksnis pārsniegts
        [ended_late] beidzās pēc limita
        [ended] beidzās
        [expired] uzskaite pamesta, neviens nebeidza
        [cancelled] atcelts
        [abandoned_late] klients aizgāja pēc limita
        [due_moved] termiņš pārcelts
        [ended_in_time] izrādījās laikā
        [no_such_clock] izrādījās, ka tā nebija
        [violated] kļuva par pārkāpumu
        [implausible] izrādījās neticams
        [standard_retired] standarts atcelts
        [below_minimum] zem minimuma
        [step_missing] trūkst soļa
        [step_late] solis nokavēts
        [step_repeated] solis atkārtots
        [step_out_of_order] solis nav pēc kārtas
        [silent] nekas nav dzirdams
        [reported_again] atkal dzirdams
        [forgotten] vairs negaida
        [target_missed] mērķis nav sasniegts
        [target_kept] mērķis atkal sasniegts
        [too_few] par maz, lai vērtētu
        [no_data] nav datu
        [window_over] logs beidzies
        [standard_over] standarts beidzies
        [burning] rezerve tērējas
        [burn_over] tērēšana beigusies
       *[inhibited] aptver smagāks
    }
report-violations-tile = Apmeklējumi ar pārkāpumu
report-violations-open = Atvērts tagad
report-violations-retracted = Atsaukts
report-violations-retracted-says = vēlāks ziņojums parādīja, ka to nebija
report-violations-open-says = nav beigušies un nav atsaukti
report-violations-trend = Pārkāpumi laika gaitā
report-violations-trend-chart = Cik atvērts katrā solī ({ $unit }), pēc veidiem. Visvairāk: { $most_at } — { $most }.
report-violations-groups = Apmeklējumi ar pārkāpumu; dalījums: { $by }
report-violations-groups-chart = Cik atvērts katrā rindā; visvairāk: { $worst } ({ $most }).
report-violations-reasons = Pēc standartiem, veidiem un iemesliem
report-violations-by = Dalījums: { $by }
report-violations-told =
    { $which ->
        [worst] Sliktākie apmeklējumi: cik reižu ilgāk par limitu
       *[open] Atvērti visilgāk
    }
report-violations-told-says = Katrs ir izskaidrots zemāk, ar komandas vārdiem, kas stāv blakus.
report-violations-none-open = Atvērtu nav.
report-how-violations = Pārkāpumi, kas atvērti periodā, to pašreizējā stāvoklī. Atsauktais nekad nav bijis pārkāpums un ir saskaitīts atsevišķi.
report-how-risk = “Bija apdraudēts” ir brīdinājums pirms limita, nevis pārkāpums.
report-explain-command = sqm explain { $id }

## Complaints

report-complaints-tile = Sūdzības
report-complaints-per-1000 = Uz 1000 apmeklējumiem
report-before = iepriekš: { $before }
report-complaints-open = Vēl atvērtas
report-complaints-open-says = nav atrisinātas un nav atsauktas, cik zināms
report-complaints-escalated = Nodotas tālāk
report-complaints-escalated-says = vismaz reizi: citai vietai, rindai vai darbiniekam
report-complaints-visits = uz { $visits } apmeklējumiem
report-complaints-trend = Sūdzības laika gaitā
report-complaints-trend-chart = Cik atvērts katrā solī ({ $unit }). Visvairāk: { $most_at } — { $most }.
report-complaints-topics = Par ko sūdzības
report-complaints-topics-chart = Visbiežāk: { $worst } ({ $most }).
report-complaints-by = Dalījums: { $by }
report-complaints-standards = Standarti par sūdzībām
report-complaints-standards-none = Šajā periodā nav rezultātu nevienam standartam, kura uzskaite sākas ar sūdzību.
report-how-complaints = Sūdzības, kas atvērtas periodā, un kas ar tām noticis līdz šim; apmeklējumi ir tie, kas tajā sākušies. Sūdzības uz 1000 apmeklējumiem ir summas pret summām, un vērtības nav, ja neviens nenāca.

## Scorecard

report-scorecard-title = Visi standarti; dalījums: { $by }
report-scorecard-chart = Pa laukam katram standartam un dalījuma rindai ({ $by }): rādītājs, krāsa ir stāvoklis. Nav sasniegti { $missed } no { $judged }, ko var vērtēt.
report-scorecard-tile-holds = Ievēroti
report-scorecard-tile-missed = Nav sasniegti, ne nejauši
report-scorecard-tile-chance = Nav sasniegti, varbūt nejauši
report-scorecard-tile-few = Par maz vai nav datu
report-scorecard-tile-of = no { $n }
report-scorecard-whole = Viss kopā
report-scorecard-whole-says = Katrs standarts par visu, ko tas aptver.
report-scorecard-grid = Dalījums: { $by }
report-scorecard-cut = Parādīti { $n } ar visvairāk nesasniegtiem standartiem.
report-how-scorecard = Katrs rādītājs ir pēc tās metrikas, pēc kuras standartu vērtē. Izmaiņas nosauktas tikai tad, ja abu periodu ticamie intervāli (95 %) nepārklājas; procentilei tāda intervāla nav, un tās nosauktas no desmitdaļas.
report-how-missing = Nav parādīts, jo to, ko skaita vai vērtē, tā nedala: { $standards }.
report-column-held-to = Pēc kā vērtē
