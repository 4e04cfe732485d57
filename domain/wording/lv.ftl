# Ko `sqm explain` saka latviski. Vārdi: standard — standarts, limit — limits, objective — mērķis, clock — laika uzskaite,
# journey — kontakts, site — vieta, measurement — mērījums, violation — pārkāpums.

language = Latviešu

## Apzīmējumi un virsraksti

label-who = par ko
label-standard = standarts
label-why = kāpēc
label-zone = laika josla
label-id = id
heading-reported = Kas ziņots
heading-reported-on = Kas ziņots ({ $day })
heading-clock = Kā ritēja laika uzskaite
heading-judgement = Kāpēc tāds vērtējums
heading-remedies = Kas vajadzīgs, lai ievērotu standartu
heading-corrections = Labojumi
heading-remarks = Zināšanai
reported = { $what }: { $effect }
stretch = { $length }, { $why }

## Skaitļi ar mērvienībām un laika momenti

unit-days = { $n } d.
unit-hours = { $n } st.
unit-minutes = { $n } min
unit-seconds = { $n } s
unit-tenths = { $n },{ $tenth } s
unit-milliseconds = { $n } ms
percent = { $n } %
percent-decimals = { $n },{ $decimals } %
points =
    { $n ->
        [zero] { $n } punktu
        [one] { $n } punkts
       *[other] { $n } punkti
    }
points-decimals = { $n },{ $decimals } punkti
day =
    { $month ->
        [1] { $day }.01.{ $year }.
        [2] { $day }.02.{ $year }.
        [3] { $day }.03.{ $year }.
        [4] { $day }.04.{ $year }.
        [5] { $day }.05.{ $year }.
        [6] { $day }.06.{ $year }.
        [7] { $day }.07.{ $year }.
        [8] { $day }.08.{ $year }.
        [9] { $day }.09.{ $year }.
        [10] { $day }.10.{ $year }.
        [11] { $day }.11.{ $year }.
       *[12] { $day }.12.{ $year }.
    }
day-time = { $day } { $time }
time-millis = { $time },{ $millis }

## Mērījumi

measured-kept =
    { $measure ->
        [waited] Standarts ievērots: { $journey }, vieta { $site }: gaidīšanas laiks { $value }, limits { $limit }; { $margin }
       *[took] Standarts ievērots: { $journey }, vieta { $site }: ilgums { $value }, limits { $limit }; { $margin }
    }
measured-broken =
    { $measure ->
        [waited] Standarts nav ievērots: { $journey }, vieta { $site }: gaidīšanas laiks { $value }, limits { $limit }; { $margin }
       *[took] Standarts nav ievērots: { $journey }, vieta { $site }: ilgums { $value }, limits { $limit }; { $margin }
    }
measured-abandoned = Klients aizgāja: { $journey }, vieta { $site }: aizgāja pēc { $value }, limits { $limit }; { $margin }
measured-cancelled = Bez vērtējuma: { $journey }, vieta { $site }: kontakts atcelts pēc { $value }
measured-expired = Bez vērtējuma: { $journey }, vieta { $site }: { $value } laikā par pabeigšanu nav ziņots, laika uzskaite pārtraukta
measured-retired = Bez vērtējuma: { $journey }, vieta { $site }: standarts atcelts, kad laika uzskaite rādīja { $value }
measured-implausible =
    { $too ->
        [short] Bez vērtējuma: { $journey }, vieta { $site }: { $value } ir neticami īss laiks
       *[long] Bez vērtējuma: { $journey }, vieta { $site }: { $value } ir neticami ilgs laiks
    }
measured-withdrawn = Atsaukts: { $journey }, vieta { $site }: vēlāks ziņojums liecina, ka šādas laika uzskaites nav bijis
measured-taken-back = Atsaukts: { $journey }, vieta { $site }: pēc vēlāka ziņojuma teiktais vairs nav spēkā
ended-abandoned = Bez vērtējuma: { $journey }, vieta { $site }: klients aizgāja pirms beigām
ended-cancelled = Bez vērtējuma: { $journey }, vieta { $site }: kontakts atcelts
ended-expired = Bez vērtējuma: { $journey }, vieta { $site }: par pabeigšanu nav ziņots
ended-retired = Bez vērtējuma: { $journey }, vieta { $site }: standarts atcelts pirms beigām
rate-counted = Ieskaitīts: { $journey }, vieta { $site }: viens no gadījumiem, ko standarts skaita
rate-event = Ieskaitīts: { $journey }, vieta { $site }: { $what }
rate-settled = Standarts ievērots: { $journey }, vieta { $site }: jautājums atrisināts, līdz { $until } klients neatgriezās
rate-returned = Standarts nav ievērots: { $journey }, vieta { $site }: jautājums nav atrisināts, klients atgriezās: { $back }
score-told = Vērtējums: { $journey }, vieta { $site }: { $score }
score-kept = Standarts ievērots: { $journey }, vieta { $site }: vērtējums { $score }, minimums { $minimum }
score-broken = Standarts nav ievērots: { $journey }, vieta { $site }: vērtējums { $score }, minimums { $minimum }
score-unknown = Vērtējums: { $journey }, vieta { $site }: vērtība nav nodota
steps-kept = Standarts ievērots: { $journey }, vieta { $site }: soļi veikti pilnībā, laikā un pareizā secībā
steps-broken =
    { $more ->
        [0] Standarts nav ievērots: { $journey }, vieta { $site }: { $fault }
        [zero] Standarts nav ievērots: { $journey }, vieta { $site }: { $fault }; un vēl { $more } pārkāpumu
        [one] Standarts nav ievērots: { $journey }, vieta { $site }: { $fault }; un vēl { $more } pārkāpums
       *[other] Standarts nav ievērots: { $journey }, vieta { $site }: { $fault }; un vēl { $more } pārkāpumi
    }
margin-over = pārsniegts par { $by }
margin-spare = rezervē { $by }
margin-none = tieši limita robežās, standarts vēl ir ievērots

## Pārkāpumi un riski

violation-running = Standarts nav ievērots, laika uzskaite turpinās: { $journey }, vieta { $site }: limits { $limit } ir pārsniegts
violation-closed =
    { $measure ->
        [waited] Standarts nav ievērots: { $journey }, vieta { $site }: gaidīšanas laiks { $value }, limits { $limit }; { $margin }
       *[took] Standarts nav ievērots: { $journey }, vieta { $site }: ilgums { $value }, limits { $limit }; { $margin }
    }
violation-retracted = Pārkāpums atsaukts: { $journey }, vieta { $site }: { $reason }
risk-running = Apdraudēts: { $journey }, vieta { $site }: { $reason }
risk-over = Vairs nav apdraudēts: { $journey }, vieta { $site }: { $reason }
risk-broken = Standarts nav ievērots pēc brīdinājuma: { $journey }, vieta { $site }: { $reason }
risk-never-was = Atsaukts: apdraudējuma nekad nav bijis: { $journey }, vieta { $site }: { $reason }
steps-running =
    { $more ->
        [0] Standarts nav ievērots, apkalpošana turpinās: { $journey }, vieta { $site }: { $fault }
        [zero] Standarts nav ievērots, apkalpošana turpinās: { $journey }, vieta { $site }: { $fault }; un vēl { $more } pārkāpumu
        [one] Standarts nav ievērots, apkalpošana turpinās: { $journey }, vieta { $site }: { $fault }; un vēl { $more } pārkāpums
       *[other] Standarts nav ievērots, apkalpošana turpinās: { $journey }, vieta { $site }: { $fault }; un vēl { $more } pārkāpumi
    }
silence-running = Klusē: { $journey }, vieta { $site }: pēdējais signāls { $since }
silence-over = Vairs neklusē: { $journey }, vieta { $site }: signālu nebija starp { $since } un { $until }
silence-forgotten = Vairs netiek gaidīts: { $journey }, vieta { $site }: pēdējais signāls { $since }, ilgāk to negaida
silence-retired = Vairs netiek gaidīts: { $journey }, vieta { $site }: pēdējais signāls { $since }, standarts atcelts
reason-limit-passed = limits ir pārsniegts, bet laika uzskaite vēl turpinājās
reason-warning-passed = izlietota tik liela limita daļa, ka standarta ievērošana ir apdraudēta
reason-ended-late = laika uzskaite beidzās tikai pēc limita pārsniegšanas
reason-ended = laika uzskaite ir beigusies
reason-expired = par pabeigšanu tik ilgi nav ziņots, ka laika uzskaite ir pārtraukta
reason-cancelled = kontakts ir atcelts, standarts uz to neattiecas
reason-abandoned-late = klients aizgāja pēc limita pārsniegšanas
reason-due-moved = vēlāks ziņojums mainīja brīdi, kurā limits tiek pārsniegts
reason-ended-in-time = vēlāks ziņojums liecina, ka laika uzskaite beidzās laikā
reason-no-such-clock = vēlāks ziņojums liecina, ka šādas laika uzskaites nav bijis
reason-violated = limits ir pārsniegts: standarts vairs nav apdraudēts, bet nav ievērots
reason-implausible = vērtība nav ticama un neko nepasaka par apkalpošanu
reason-standard-retired = standarts ir atcelts, tāpēc tā laika uzskaites ir izbeigtas
reason-target-missed = loga rādītājs nesasniedz mērķi
reason-target-kept = loga rādītājs atkal sasniedz mērķi
reason-too-few = logā saskaitīts pārāk maz, lai rādītājs kaut ko liecinātu
reason-no-data = logā nekas nav uzskaitīts, tāpēc rādītāja nav
reason-window-over = logs ir beidzies, un tā rādītājs līdz galam nesasniedza mērķi
reason-standard-over = šī standarta versija vairs nav spēkā
reason-burning = kļūdu budžets tiek tērēts tik ātri, ka kādam jāiejaucas
reason-burn-over = kļūdu budžets vairs netiek tērēts tik ātri
reason-inhibited = tā vietā tiek ziņots par ātrāku tēriņu

## Virsraksti par daudziem kontaktiem kopā

objective-missed = Mērķis netiek sasniegts: { $scope }, { $window }: { $figure }
objective-failed = Mērķis nav sasniegts: { $scope }, { $window }: { $figure }
objective-over = Mērķa nesasniegšana beigusies: { $scope }, { $window }: { $reason }
burn-running = Kļūdu budžets tiek tērēts pārāk ātri ({ $tier }): { $scope }, budžets { $window }
burn-ended = Kļūdu budžets vairs netiek tērēts pārāk ātri: { $scope }, budžets { $window }: { $reason }
scope-queue = rinda { $queue }, { $site }
scope-site = vieta { $site }
scope-region = reģions { $region }
scope-organisation = visa organizācija
window-rolling = slīdošā logā { $length }
window-hour = kalendārajā stundā
window-day-part = dienas daļā
window-day = kalendārajā dienā
window-week = kalendārajā nedēļā
window-month = kalendārajā mēnesī
figure-share = { $metric } { $share } ({ $good } no { $total })
figure-mean = { $metric } { $value } (no { $total })
figure-percentile = { $metric } { $value } (ne ilgāk par { $target }: { $good } no { $total }, { $share })
figure-none = rādītāja nav, jo nekas nav uzskaitīts
reason-below-minimum = vērtējums ir zem vienam gadījumam noteiktā minimuma
reason-step-missing = trūkst soļa
reason-step-late = solis nav veikts laikā
reason-step-repeated = solis veikts atkārtoti
reason-step-out-of-order = solis veikts nepareizā secībā
reason-silent = nākamais signāls nepienāca laikā
reason-reported-again = signāls atkal ir saņemts
reason-forgotten = signāla nebija tik ilgi, ka to vairs negaida
reason-not-broken = vēlāks ziņojums liecina, ka standarts nav pārkāpts
reason-nothing-to-judge = vēlāks ziņojums liecina, ka nebija ko vērtēt

## Par ko un par kuru standartu

about-journey = { $journey }, vieta { $site }
about-queue = rinda { $value }
about-channel = kanāls { $value }
about-service = pakalpojums { $value }
about-segment = segments { $value }
about-priority = prioritāte { $value }
about-employee = darbinieks { $value }
about-team = komanda { $value }
about-reopened =
    { $times ->
        [zero] atkārtoti atvērts { $times } reižu
        [one] atkārtoti atvērts { $times } reizi
       *[other] atkārtoti atvērts { $times } reizes
    }
about-restarted =
    { $times ->
        [zero] laika uzskaite sākta no jauna { $times } reižu
        [one] laika uzskaite sākta no jauna { $times } reizi
       *[other] laika uzskaite sākta no jauna { $times } reizes
    }
standard-titled = { $title }: limits { $limit } ({ $id }, { $version }. versija)
standard-untitled = limits { $limit } ({ $id }, { $version }. versija)
standard-business-days = { $title }: limits līdz { $days }. darbdienas beigām pēc sākuma ({ $id }, { $version }. versija)
standard-measured =
    { $kind ->
        [rate] { $title }: rādītājs ({ $id }, { $version }. versija)
        [score] { $title }: vērtējums ({ $id }, { $version }. versija)
        [sequence] { $title }: soļi noteiktā secībā ({ $id }, { $version }. versija)
       *[presence] { $title }: kam jāziņo par sevi ({ $id }, { $version }. versija)
    }
standard-promised = { $title }: limits ir klientam apsolītais laiks ({ $id }, { $version }. versija)
standard-here = šajā gadījumā tas ir { $limit }
standard-bare = { $id }, { $version }. versija
standard-minimum = vienam gadījumam vismaz: { $minimum }
standard-steps = soļi: { $steps }
standard-course = variants { $course }: { $steps }
standard-every = signāls ne retāk kā ik pēc { $limit }
target-for-every =
    { $n ->
        [hundred] { $number } uz simtu
       *[thousand] { $number } uz tūkstoti
    }
objective-of-cases =
    { $side ->
        [at_most] mērķis: { $metric } ne vairāk kā { $target } { $window }, { $least ->
            [zero] sākot no { $least } gadījumiem
            [one] sākot no { $least } gadījuma
           *[other] sākot no { $least } gadījumiem
        }
       *[at_least] mērķis: { $metric } vismaz { $target } { $window }, { $least ->
            [zero] sākot no { $least } gadījumiem
            [one] sākot no { $least } gadījuma
           *[other] sākot no { $least } gadījumiem
        }
    }
objective =
    { $side ->
        [at_most] mērķis: { $metric } ne vairāk kā { $target } { $window }, { $least ->
            [zero] sākot no { $least } kontaktiem
            [one] sākot no { $least } kontakta
           *[other] sākot no { $least } kontaktiem
        }
       *[at_least] mērķis: { $metric } vismaz { $target } { $window }, { $least ->
            [zero] sākot no { $least } kontaktiem
            [one] sākot no { $least } kontakta
           *[other] sākot no { $least } kontaktiem
        }
    }
standard-of-many = { $title } ({ $id }, versija { $version })
standard-of-many-untitled = { $id }, versija { $version }
calendar = kalendārs { $calendar }: laiks ārpus darba laika netiek ieskaitīts
band = kategorija { $band }

## Kas ziņots

event-journey-arrived = klients pieteicās
event-journey-called = klients izsaukts
event-journey-transferred = kontakts nodots tālāk
event-journey-abandoned = klients aizgāja, nesagaidījis apkalpošanu
event-journey-cancelled = kontakts atcelts
event-journey-reopened = kontakts atvērts atkārtoti
event-journey-merged = kontakts apvienots ar citu
event-service-started = apkalpošana sākta
event-service-paused = apkalpošana apturēta
event-service-resumed = apkalpošana atsākta
event-service-completed = apkalpošana pabeigta
event-milestone-reached = sasniegts posms
event-message-exchanged = nosūtīta ziņa
event-complaint-opened = sūdzība saņemta
event-complaint-acknowledged = sūdzības saņemšana apstiprināta
event-complaint-responded = uz sūdzību sniegta atbilde
event-complaint-resolved = sūdzība atrisināta
event-complaint-reopened = sūdzība atvērta atkārtoti
event-complaint-withdrawn = sūdzība atsaukta
event-feedback-received = saņemta atsauksme
event-observation-recorded = reģistrēts apkalpošanas novērojums
event-sale-completed = pārdošana notika
event-sale-lost = pārdošana nenotika
event-return-processed = noformēta atgriešana
event-incident-reported = ziņots par incidentu
event-staff-state-changed = mainījās darbinieka statuss
event-staff-survey-answered = darbinieks atbildēja uz aptauju
event-suggestion-submitted = iesniegts priekšlikums
event-source-heartbeat = avots apstiprināja, ka darbojas
event-other = { $type }
role-arrive = kontakta sākums
role-start = laika uzskaite sākta
role-stop = laika uzskaite beigta
role-abandon = laika uzskaite izbeigta: klients aizgāja
role-cancel = laika uzskaite anulēta
role-pause = laika uzskaite apturēta
role-resume = laika uzskaite atsākta
role-step = solis
role-count = tiek skaitīts
role-of = no šiem skaita
role-other = šo laika uzskaiti neietekmē
role-start-steps = soļu sākums
role-stop-steps = soļu beigas
role-abandon-steps = soļu beigas: klients aizgāja
role-cancel-steps = soļi anulēti
role-other-steps = nav solis
role-score = tiek vērtēts
role-contact = kontakts
role-return = atkārtots kontakts
role-sign = signāls

## Kā ritēja laika uzskaite

stretch-counts = tiek ieskaitīts
stretch-paused = pārtraukums, netiek ieskaitīts
stretch-closed = ārpus darba laika, netiek ieskaitīts
stretch-closed-for = slēgts ({ $name }), netiek ieskaitīts
stretch-holiday = svētku diena, netiek ieskaitīts
stretch-holiday-named = svētku diena ({ $name }), netiek ieskaitīts

## Kāpēc tāds vērtējums

value-formula = Laika uzskaite rādīja { $value }: beigas { $ended } mīnus sākums { $started }.
value-formula-less = Laika uzskaite rādīja { $value }: beigas { $ended } mīnus sākums { $started } mīnus neieskaitāmās { $left_out }.
judged-reason = { $reason }.
judged-against =
    { $verdict ->
        [kept] Tas iekļaujas limitā { $limit }: standarts ir ievērots.
       *[broken] Tas pārsniedz limitu { $limit }: standarts nav ievērots.
    }
judged-abandoned =
    { $side ->
        [within] Klients aizgāja limita { $limit } robežās; kā to ieskaitīt, nosaka mērķa rādītājs.
       *[beyond] Klients aizgāja, kad limits { $limit } jau bija pārsniegts; kā to ieskaitīt, nosaka mērķa rādītājs.
    }
judged-unended = Laika uzskaite, ko neviens nav apturējis, neko nepasaka par standarta ievērošanu.
judged-retired = Standarts tika atcelts laika uzskaites gaitā, tāpēc vērtējuma nav.
judged-implausible = Vērtība ir ārpus robežām, ko standarts uzskata par ticamām, tāpēc vērtējuma nav.
judged-withdrawn = Par šo laika uzskaiti teiktais vairs nav spēkā.
judged-figure = Rādītājs: { $figure }.
judged-figure-over = Rādītājs { $window }: { $figure }.
held-since = Tā ir kopš { $since }.
held-between = Tā bija no { $since } līdz { $until }.
pace-gone-by = Šādā tempā { $window } pieļaujamie { $allowed } pārkāpumu būs iztērēti: { $by }.
pace-gone = { $window } pieļaujamie { $allowed } pārkāpumu ir iztērēti.
pace-lasts = Šādā tempā { $window } pieļaujamo { $allowed } pārkāpumu pietiks.
judged-taken-back = Par to teiktais vairs nav spēkā.
why-said = { $text }
why-cut = Šeit nav saglabāts viss, kas tika pateikts.
unfinished-abandoned = Klients aizgāja pirms beigām, tāpēc tas nav nevienā rādītājā; soļi, līdz kuriem nenonāca, nav neviena vaina.
unfinished-cancelled = Kontakts ir atcelts, tāpēc tas nav nevienā rādītājā.
unfinished-expired = Par pabeigšanu nav ziņots, tāpēc tas nav nevienā rādītājā.
unfinished-retired = Standarts tika atcelts pirms beigām, tāpēc tas nav nevienā rādītājā.
rate-alone = Viens gadījums pats par sevi standartu ne ievēro, ne pārkāpj: izšķir to skaits.
rate-of =
    { $per ->
        [journey] Skaitīts no kontaktiem ar šo notikumu: { $what }.
       *[event] Skaitīts no šī veida notikumiem: { $what }.
    }
rate-reason = Norādītais iemesls: { $reason }.
rate-contact = Kontakts, kurā jautājums bija jāatrisina: { $at }.
rate-window = jautājums ir atrisināts, ja klients neatgriežas { $within } laikā
rate-quiet = Līdz { $at } klients neatgriezās: standarts ir ievērots.
rate-again = Klients atgriezās pārāk drīz, standarts nav ievērots: { $at }.
score-value =
    { $of ->
        [checklist] Kontrollapa ieguva { $score } no piemērojamā svara.
        [nothing] Kontrollapa ieguva { $score } no piemērojamā svara: nekas nav izpildīts vai nav izpildīts kritiskais punkts.
       *[answer] Vērtējums atbildē: { $score }.
    }
score-alone = Minimuma vienam gadījumam nav: pats par sevi tas standartu ne ievēro, ne pārkāpj.
score-reached = Minimums ir sasniegts ({ $minimum }): standarts ir ievērots.
score-below = Tas ir zem minimuma ({ $minimum }): standarts nav ievērots.
steps-span = Soļi izsekoti no { $started } līdz { $ended }.
steps-course = Piemērots variants, kuram norise ir vistuvākā: { $course }.
steps-all-taken = Visi obligātie soļi veikti pareizā secībā un laikā: standarts ir ievērots.
steps-not-kept = Tāpēc standarts nav ievērots.
fault-missing = trūkst soļa { $step }, tas bija jāveic ne vēlāk kā { $at }
fault-late = solis { $step } nav veikts laikā, tas bija jāveic ne vēlāk kā { $at }
fault-repeated = solis { $step } veikts atkārtoti: { $at }
fault-out-of-order = solis { $step } veikts tikai pēc vēlāka soļa: { $at }
fault-unknown = soļi nav ievēroti
silence-due = Starp diviem signāliem drīkst paiet ne vairāk kā { $limit }; nākamais bija gaidāms ne vēlāk kā { $due }.
silence-last = Pēdējais signāls pirms klusuma: { $since }.
noticed = Pārkāpums pamanīts { $after } pēc limita pārsniegšanas.
shows = Laika uzskaite rādīja { $value }, limits ir { $limit }.
warned = Brīdinājums dots, kad laika uzskaite rādīja { $value }, limits ir { $limit }.
metric-formula =
    { $metric ->
        [goal_met] Formula: { $metric } = apturēts limita robežās / apturēts un ticams
        [asa] Formula: { $metric } = apkalpoto gaidīšanas laiku summa / N
        [aht] Formula: { $metric } = apstrādes laiku summa / apstrādāti
        [rate] Formula: { $metric } = ieskaitīti / visi
        [first_contact_resolution] Formula: { $metric } = atrisināti pirmajā kontaktā un bez atgriešanās termiņā / visi kontakti
        [transfer_rate] Formula: { $metric } = nodoti tālāk / apstrādāti
        [reopen_rate] Formula: { $metric } = atvērti atkārtoti / slēgti
        [per_100] Formula: { $metric } = 100 × notikumi / citi notikumi
        [per_1000] Formula: { $metric } = 1000 × notikumi / citi notikumi
        [complaints_per_1000] Formula: { $metric } = 1000 × sūdzības / apmeklējumi
        [lost_sales_per_100] Formula: { $metric } = 100 × nenotikušas pārdošanas / apmeklējumi
        [csat_top2] Formula: { $metric } = atbildes ar diviem augstākajiem vērtējumiem / atbildes
        [csat_mean] Formula: { $metric } = vērtējumu summa / atbildes
        [nps] Formula: { $metric } = 100 × (atbalstītāji − kritizētāji) / atbildes
        [ces] Formula: { $metric } = vērtējumu summa / atbildes
        [checklist_score] Formula: { $metric } = iegūtais svars / piemērojamais svars
        [critical_failures] Formula: { $metric } = kontrollapas ar neizpildītu kritisko punktu / kontrollapas
       *[other] Formula: { $metric } = { $formula }
    }
counted-answered =
    { $side ->
        [within] Ieskaitīts starp apkalpotajiem (N), tostarp limita robežās (A_T).
       *[beyond] Ieskaitīts starp apkalpotajiem (N), bet ne starp apkalpotajiem limita robežās (A_T).
    }
counted-abandoned =
    { $side ->
        [within] Ieskaitīts starp aizgājušajiem (B), tostarp limita robežās (B_T).
       *[beyond] Ieskaitīts starp aizgājušajiem (B), bet ne starp aizgājušajiem limita robežās (B_T).
    }
counted-short-abandon = Klients aizgāja ļoti drīz (B_s): tas neko nepasaka par apkalpošanu, daži rādītāji to neieskaita.
counted-implausible = Ieskaitīts atsevišķi, starp neticamajiem.
counted-cancelled = Ieskaitīts atsevišķi, starp atceltajiem.
counted-expired = Ieskaitīts atsevišķi, starp nepabeigtajiem.
counted-retired = Ieskaitīts atsevišķi, starp tiem, kuru standarts ir atcelts.
counted-nowhere = Nekur netiek ieskaitīts.
counted-both = Rādītājā { $metric } ieskaitīts skaitītājā un saucējā.
counted-below = Rādītājā { $metric } ieskaitīts saucējā, bet ne skaitītājā.
counted-mean = Laiks { $value } ietilpst vidējā vērtībā { $metric }.
counted-percentile = Laiks { $value } ir viena no rādītāja { $metric } vērtībām.
counted-one = Rādītājā { $metric } pievieno vienu tam, ko skaita.
counted-score = Vidējā vērtībā { $metric } ietilpst šis vērtējums: { $score }.
counted-likely =
    { $side ->
        [promoter] Rādītājā { $metric } ieskaitīts starp atbalstītājiem.
        [detractor] Rādītājā { $metric } ieskaitīts starp kritizētājiem.
       *[neither] Rādītājā { $metric } ieskaitīts starp atbildēm, bet ne starp atbalstītājiem un ne starp kritizētājiem.
    }
counted-checklist-score = Rādītājā { $metric } iegūtais svars ieskaitīts skaitītājā, piemērojamais svars saucējā.
counted-critical-failures = Rādītājā { $metric } ieskaitīts saucējā, bet, ja nav izpildīts kritiskais punkts, arī skaitītājā.
counted-left-out = Rādītājā { $metric } netiek ieskaitīts.

## Kas vajadzīgs, lai ievērotu standartu

kept-had-until = Standarts ir ievērots: laika uzskaite drīkstēja turpināties līdz { $due }, rezervē { $spare }.
kept-with = Standarts ir ievērots, rezervē { $spare }.
keep-by = Standarts būtu ievērots, ja laika uzskaite būtu beigusies ne vēlāk kā { $due }, tas ir, par { $earlier } agrāk.
keep-shorter = Standarts būtu ievērots, ja ieskaitāmais laiks būtu par { $by } īsāks.
keep-abandoned-before = Standartu varēja ievērot līdz { $due }, { $left } pirms klienta aiziešanas.
keep-abandoned-spare = Kad klients aizgāja, līdz limitam vēl bija { $spare }.
keep-expired = Standarts būtu ievērots, ja par pabeigšanu būtu ziņots ne vēlāk kā { $due }.
keep-unended = Standarts būtu ievērots, ja par pabeigšanu būtu ziņots, pirms tika pārsniegts limits { $limit }.
keep-running = Standarts būtu ievērots, ja laika uzskaite būtu beigusies ne vēlāk kā { $due }.
keep-at-risk = Standarts tiks ievērots, ja no brīdinājuma līdz beigām paies ne vairāk kā { $left }.
keep-settled = Standarts būtu ievērots, ja klients līdz { $due } nebūtu atgriezies.
keep-score = Standarts būtu ievērots, ja vērtējums būtu vismaz: { $minimum }.
keep-missing = Solis { $step } bija jāveic ne vēlāk kā { $due }.
keep-late = Solis { $step } bija jāveic laikā, ne vēlāk kā { $due }.
keep-repeated = Solis { $step } bija jāveic tikai vienreiz.
keep-out-of-order = Solis { $step } bija jāveic pirms nākamajiem.
keep-sign = Standarts būtu ievērots, ja signāls būtu pienācis ne vēlāk kā { $due }.
keep-fewer-wrong = Mērķis būtu sasniegts, ja pārkāpumu no { $total } būtu par { $fewer } mazāk.
keep-fewer = Mērķis būtu sasniegts, ja gadījumu uz { $total } būtu par { $fewer } mazāk.
keep-fewer-longer = Mērķis būtu sasniegts, ja vērtību virs { $target } no { $total } būtu par { $fewer } mazāk.
keep-implausible = Ticamas ir vērtības no { $shortest }.
keep-implausible-between = Ticamas ir vērtības no { $shortest } līdz { $longest }.

## Labojumi un piezīmes

corrected =
    { $times ->
        [zero] Kopš pirmā ziņojuma labots { $times } reižu.
        [one] Kopš pirmā ziņojuma labots { $times } reizi.
       *[other] Kopš pirmā ziņojuma labots { $times } reizes.
    }
correction = Stāvoklis { $as_of }: { $said }
remark-late = Tas ir par pagātni, kas ziņošanas brīdī jau bija beigusies, tāpēc neviens netiek izsaukts.
remark-open-days = Ieskaitīts tikai darba laiks, tāpēc diena (d.) šeit ir 24 darba stundas: vairāk nekā viena darba diena.
remark-live = Te teikts tas, ko tajā minūtē varēja zināt; vēlāki ziņojumi maina rādītāju, bet ne šo secinājumu.

## Ziņojumi par trauksmēm

alert-told =
    { $reason ->
        [new] Jauns
        [added] Kļuvis vairāk
        [more_severe] Nopietnāk nekā iepriekš
        [resolved] Beidzies
        [repeated] Joprojām turpinās
        [escalated] Neviens nav apstiprinājis; jūsu kārta
        [reminder] Jūs to apstiprinājāt, bet tas joprojām turpinās
        [silence_over] Klusums ir beidzies, bet tas joprojām turpinās
        [mute_over] Laiks bez ziņojumiem ir beidzies, bet tas joprojām turpinās
        [inhibition_over] Tas, kas to aizsedza, ir beidzies, bet tas joprojām turpinās
        [flapping] Atkal un atkal sākas un beidzas; par beigām ziņos, kad būs mierīgi
        [steady] Vairs nesvārstās, bet joprojām turpinās
        [digest] Aizturēto ziņojumu kopsavilkums
        [nobody_on_call] Par to neviens nedežurē
        [nobody_answered] Neviens nav atbildējis
        [handed_over] Nodots jums
        [retracted] Atsaukts: vēlāks ziņojums rāda, ka tā nav bijis
       *[test] Pārbaude; nekas nav noticis
    }
alert-severity =
    { $severity ->
        [page] Steidzami
        [ticket] Problēma
       *[info] Zināšanai
    }
alert-state =
    { $state ->
        [pending] vēl nav skaidrs
        [acknowledged] apstiprināts
        [resolved] beidzies
        [retracted] atsaukts
       *[firing] turpinās
    }
alert-title = { $severity }: { $what } – { $where }
alert-title-over = Beidzies: { $what } – { $where }
alert-others =
    { $n ->
        [zero] un vēl { $n } trauksmju
        [one] un vēl { $n } trauksme
       *[other] un vēl { $n } trauksmes
    }
alert-open =
    { $n ->
        [zero] tagad atvērti { $n } gadījumu
        [one] tagad atvērts { $n } gadījums
       *[other] tagad atvērti { $n } gadījumi
    }
alert-seen =
    { $n ->
        [zero] pavisam { $n } gadījumu
        [one] pavisam { $n } gadījums
       *[other] pavisam { $n } gadījumi
    }
alert-more =
    { $n ->
        [zero] Vēl { $n } trauksmju šeit nav nosauktas.
        [one] Vēl { $n } trauksme šeit nav nosaukta.
       *[other] Vēl { $n } trauksmes šeit nav nosauktas.
    }
alert-held-back =
    { $n ->
        [zero] Pirms šī aizturēti { $n } ziņojumu.
        [one] Pirms šī aizturēts { $n } ziņojums.
       *[other] Pirms šī aizturēti { $n } ziņojumi.
    }
alert-since = kopš { $begun }, jau { $length }
alert-lasted = no { $begun } līdz { $ended }, pavisam { $length }
alert-acknowledged = apstiprināja { $owner }
alert-acknowledged-until = apstiprināja { $owner }, līdz { $until }
alert-flapping = Te parādās, te pazūd: jums paziņos, kad būs skaidrs.
alert-acknowledge = Apstiprināt
alert-runbook = Norādījumi
alert-dashboard = Panelis
alert-label-where = kur
alert-label-when = kad
alert-label-how-bad = cik nopietni
alert-label-open = cik daudz
alert-label-why = kāpēc
alert-label-do = ko darīt
alert-label-note = piezīme
alert-step = Eskalācijas solis: { $step }.
alert-page =
    { $page ->
        [ask] Apstiprināt šo brīdinājumu?
        [take] Pārņemt?
        [done] Apstiprināts
        [used] Saite jau ir izmantota
        [over] Nav ko apstiprināt
        [away] Apstiprināt šo brīdinājumu?
        [expired] Saites derīgums ir beidzies
        [malformed] Saite ir nepilnīga
       *[forged] Šī saite nav mūsu
    }
alert-page-text =
    { $page ->
        [ask] Jūs to uzņematies, un nevienu citu vairs nesauc. Tas paliek atvērts, līdz standarts atkal tiek ievērots.
        [take] Ar to jau kāds nodarbojas. Ja pārņemsiet, tas būs jūsu.
        [done] Tagad tas ir jūsu. Nevienu citu vairs nesauc.
        [used] Otrreiz tā neko nedara. Šeit redzams, kā ir tagad.
        [over] Brīdinājums ir beidzies.
        [away] Pašlaik nevar parādīt, kā ir. Apstiprināt tomēr var.
        [expired] Saites der vienu diennakti. Atveriet jaunāko ziņojumu.
        [malformed] Daļa no tās pazuda ceļā. Atveriet saiti no ziņojuma pilnībā.
       *[forged] To nav parakstījis šis dienests. Atveriet saiti no ziņojuma pilnībā.
    }
