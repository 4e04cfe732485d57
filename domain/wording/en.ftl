# What `sqm explain` says, in English. The words are those of the glossary: standard, limit, objective, clock, journey.
# Each key takes the arguments that domain/explanations/statements.py and domain/wording/vocabulary.py name, in all
# languages the same.

language = English

## Labels and headings

label-who = who
label-standard = standard
label-why = because
label-zone = times in
label-id = id
heading-reported = What was reported
heading-reported-on = What was reported ({ $day })
heading-clock = How the clock ran
heading-judgement = Why it was judged so
heading-remedies = What would have kept the standard
heading-corrections = Corrections since
heading-remarks = Worth knowing
reported = { $what }: { $effect }
stretch = { $length }, { $why }

## Numbers with their units, and instants

unit-days = { $n } d
unit-hours = { $n } h
unit-minutes = { $n } min
unit-seconds = { $n } s
unit-tenths = { $n }.{ $tenth } s
unit-milliseconds = { $n } ms
percent = { $n }%
percent-decimals = { $n }.{ $decimals }%
day =
    { $month ->
        [1] { $day } January { $year }
        [2] { $day } February { $year }
        [3] { $day } March { $year }
        [4] { $day } April { $year }
        [5] { $day } May { $year }
        [6] { $day } June { $year }
        [7] { $day } July { $year }
        [8] { $day } August { $year }
        [9] { $day } September { $year }
        [10] { $day } October { $year }
        [11] { $day } November { $year }
       *[12] { $day } December { $year }
    }
day-time = { $day }, { $time }
time-millis = { $time }.{ $millis }

## Headlines of measurements

measured-kept =
    { $measure ->
        [waited] Kept: { $journey } at { $site } waited { $value }; the limit is { $limit }; { $margin }
       *[took] Kept: { $journey } at { $site } took { $value }; the limit is { $limit }; { $margin }
    }
measured-broken =
    { $measure ->
        [waited] Not kept: { $journey } at { $site } waited { $value }; the limit is { $limit }; { $margin }
       *[took] Not kept: { $journey } at { $site } took { $value }; the limit is { $limit }; { $margin }
    }
measured-abandoned = Left: { $journey } at { $site } left after { $value }; the limit is { $limit }; { $margin }
measured-cancelled = No verdict: { $journey } at { $site }: the contact was called off after { $value }
measured-expired = No verdict: { $journey } at { $site }: nothing was heard of it for { $value }, so the clock was given up
measured-retired = No verdict: { $journey } at { $site }: the standard was retired when the clock showed { $value }
measured-implausible =
    { $too ->
        [short] No verdict: { $journey } at { $site }: { $value } is too short to be true
       *[long] No verdict: { $journey } at { $site }: { $value } is too long to be true
    }
measured-withdrawn = Withdrawn: { $journey } at { $site }: a later report shows that this clock never ran
margin-over = over by { $by }
margin-spare = { $by } to spare
margin-none = exactly on the limit, which still keeps it

## Headlines of violations and risks

violation-running = Not kept and still running: { $journey } at { $site } has passed the limit of { $limit }
violation-closed =
    { $measure ->
        [waited] Not kept: { $journey } at { $site } waited { $value }; the limit is { $limit }; { $margin }
       *[took] Not kept: { $journey } at { $site } took { $value }; the limit is { $limit }; { $margin }
    }
violation-retracted = Retracted: { $journey } at { $site }: { $reason }
risk-running = At risk: { $journey } at { $site }: { $reason }
risk-over = No longer at risk: { $journey } at { $site }: { $reason }
risk-broken = Not kept after the warning: { $journey } at { $site }: { $reason }
reason-limit-passed = the limit passed while the clock was still running
reason-warning-passed = the clock has used so much of its limit that the standard is at risk
reason-ended-late = the clock ended only after its limit had passed
reason-ended = the clock has ended
reason-expired = nothing was heard for so long that the clock was given up
reason-cancelled = the contact was called off, so no standard applies
reason-abandoned-late = the customer left after the limit had passed
reason-due-moved = a later report moved the instant at which the limit passes
reason-ended-in-time = a later report shows that the clock ended in time
reason-no-such-clock = a later report shows that this clock never ran
reason-violated = the limit has passed, so the standard is no longer at risk but not kept
reason-implausible = the value is not plausible, so it says nothing about the service
reason-standard-retired = the standard was retired, so its clocks ended
reason-target-missed = the figure of the window misses its target
reason-target-kept = the figure of the window keeps its target again
reason-too-few = too few journeys are left in the window for its figure to say anything
reason-no-data = nothing was counted in the window, so it has no figure
reason-window-over = the window is over, and its figure missed the target to the end
reason-standard-over = this version of the standard is no longer in force
reason-burning = the error budget is spent so fast that somebody should look
reason-burn-over = the error budget is no longer spent so fast
reason-inhibited = a faster burn is told instead

## Headlines of many journeys together

objective-missed = Target missed: { $scope }, over { $window }: { $figure }
objective-failed = Target not reached: { $scope }, over { $window }: { $figure }
objective-over = Target no longer missed: { $scope }, over { $window }: { $reason }
burn-running = Error budget burning ({ $tier }): { $scope }, budget of { $window }
burn-ended = Error budget no longer burning: { $scope }, budget of { $window }: { $reason }
scope-queue = queue { $queue } of { $site }
scope-site = site { $site }
scope-region = region { $region }
scope-organisation = the whole organisation
window-rolling = the last { $length }
window-hour = the hour
window-day-part = the part of the day
window-day = the day
window-week = the week
window-month = the month
figure-share = { $metric } { $share } ({ $good } of { $total })
figure-mean = { $metric } { $value } (of { $total })
figure-none = no figure, for nothing was counted

## Who, and which standard

about-journey = { $journey } at { $site }
about-queue = queue { $value }
about-channel = channel { $value }
about-service = service { $value }
about-segment = segment { $value }
about-priority = priority { $value }
about-employee = employee { $value }
about-team = team { $value }
about-reopened =
    { $times ->
        [one] reopened { $times } time
       *[other] reopened { $times } times
    }
about-restarted =
    { $times ->
        [one] its clock started again { $times } time
       *[other] its clock started again { $times } times
    }
standard-titled = { $title }: limit { $limit } ({ $id }, version { $version })
standard-untitled = limit { $limit } ({ $id }, version { $version })
standard-business-days = { $title }: limit by the close of business day { $days } after its start ({ $id }, version { $version })
standard-measured =
    { $kind ->
        [rate] { $title }: a rate ({ $id }, version { $version })
        [score] { $title }: a score ({ $id }, version { $version })
        [sequence] { $title }: steps in order ({ $id }, version { $version })
       *[presence] { $title }: who should report ({ $id }, version { $version })
    }
standard-promised = { $title }: limit as promised to the customer ({ $id }, version { $version })
objective =
    { $side ->
        [at_most] objective { $metric } at most { $target } over { $window }, { $least ->
            [one] from { $least } journey on
           *[other] from { $least } journeys on
        }
       *[at_least] objective { $metric } at least { $target } over { $window }, { $least ->
            [one] from { $least } journey on
           *[other] from { $least } journeys on
        }
    }
standard-of-many = { $title } ({ $id }, version { $version })
standard-of-many-untitled = { $id }, version { $version }
calendar = calendar { $calendar }: time outside of its hours does not count
band = band { $band }

## What was reported

event-journey-arrived = arrived
event-journey-called = was called
event-journey-transferred = was handed over
event-journey-abandoned = left before being served
event-journey-cancelled = contact was called off
event-journey-reopened = contact began again
event-journey-merged = went on as part of another contact
event-service-started = service began
event-service-paused = work was paused
event-service-resumed = work went on
event-service-completed = was served
event-milestone-reached = reached a milestone
event-message-exchanged = a message was written
event-complaint-opened = a complaint was received
event-complaint-acknowledged = the complaint was acknowledged
event-complaint-responded = the complaint was answered
event-complaint-resolved = the complaint was resolved
event-complaint-reopened = the complaint was opened again
event-complaint-withdrawn = the complaint was withdrawn
event-feedback-received = feedback was received
event-observation-recorded = the service was observed
event-sale-completed = a sale was made
event-sale-lost = a sale was lost
event-return-processed = a return was processed
event-incident-reported = an incident was reported
event-staff-state-changed = an employee changed state
event-staff-survey-answered = an employee answered a survey
event-suggestion-submitted = a suggestion was submitted
event-source-heartbeat = the source said that it is there
event-other = { $type }
role-arrive = the contact begins
role-start = starts the clock
role-stop = stops the clock
role-abandon = ends the clock: the customer left
role-cancel = makes the clock void
role-pause = pauses the clock
role-resume = lets the clock run on
role-other = does nothing to this clock

## How the clock ran

stretch-counts = counts
stretch-paused = paused, does not count
stretch-closed = closed, does not count
stretch-closed-for = closed ({ $name }), does not count
stretch-holiday = holiday, does not count
stretch-holiday-named = holiday ({ $name }), does not count

## Why it was judged so

value-formula = The clock counted { $value }: the end { $ended } less the start { $started }.
value-formula-less = The clock counted { $value }: the end { $ended } less the start { $started } less { $left_out } that did not count.
judged-reason = { $reason }.
judged-against =
    { $verdict ->
        [kept] That is within the limit of { $limit }, so the standard was kept.
       *[broken] That is beyond the limit of { $limit }, so the standard was not kept.
    }
judged-abandoned =
    { $side ->
        [within] The customer left within the limit of { $limit }; how that counts depends on the objective’s metric.
       *[beyond] The customer left beyond the limit of { $limit }; how that counts depends on the objective’s metric.
    }
judged-unended = A clock that nobody stopped says nothing about the standard.
judged-retired = The standard was retired while the clock ran, so there is no verdict.
judged-implausible = The value lies outside what the standard calls plausible, so there is no verdict.
judged-withdrawn = What was said about this clock no longer holds.
judged-figure = The figure: { $figure }.
pace-gone-by = At this pace the { $allowed } that { $window } allows to go wrong is gone by { $by }.
pace-gone = The { $allowed } that { $window } allows to go wrong is gone.
pace-lasts = At this pace the { $allowed } that { $window } allows to go wrong lasts.
noticed = It was noticed { $after } after the limit had passed.
shows = The clock showed { $value }; the limit is { $limit }.
metric-formula =
    { $metric ->
        [goal_met] The formula: { $metric } = stopped within the limit / stopped and plausible
        [asa] The formula: { $metric } = sum of waits of the answered / N
       *[other] The formula: { $metric } = { $formula }
    }
counted-answered =
    { $side ->
        [within] It counts among the answered (N) and, of these, among those within the limit (A_T).
       *[beyond] It counts among the answered (N), but not among those within the limit (A_T).
    }
counted-abandoned =
    { $side ->
        [within] It counts among the abandoned (B) and, of these, among those within the limit (B_T).
       *[beyond] It counts among the abandoned (B), but not among those within the limit (B_T).
    }
counted-short-abandon = It is a short abandon (B_s): it says nothing about the service, and some metrics leave it out.
counted-implausible = It is counted apart, among the implausible.
counted-cancelled = It is counted apart, among the cancelled.
counted-expired = It is counted apart, among the expired.
counted-retired = It is counted apart, among those whose standard was retired.
counted-nowhere = It is counted nowhere.
counted-both = In { $metric } it counts in the numerator and in the denominator.
counted-below = In { $metric } it counts in the denominator, but not in the numerator.
counted-mean = Its { $value } go into the mean of { $metric }.
counted-left-out = In { $metric } it is left out.

## What would have kept the standard

kept-had-until = It was kept: the clock had until { $due }, which left { $spare } to spare.
kept-with = It was kept with { $spare } to spare.
keep-by = It would have been kept had the clock ended by { $due } at the latest, { $earlier } earlier.
keep-shorter = It would have been kept had the time that counts been { $by } shorter.
keep-abandoned-before = It could have been kept until { $due }, { $left } before the customer left.
keep-abandoned-spare = When the customer left, { $spare } remained in which it could have been kept.
keep-expired = It would have been kept had somebody reported an end by { $due } at the latest.
keep-unended = It would have been kept had somebody reported an end before more than { $limit } had counted.
keep-running = It would have been kept had the clock ended by { $due } at the latest.
keep-at-risk = It is kept if not more than { $left } count from the warning to the end.
keep-implausible = Values of { $shortest } and more are plausible.
keep-implausible-between = Values from { $shortest } to { $longest } are plausible.

## Corrections, and what is worth knowing

corrected =
    { $times ->
        [one] It has been corrected { $times } time since it was first said.
       *[other] It has been corrected { $times } times since it was first said.
    }
correction = As of { $as_of } it said: { $said }
remark-late = It is about a past that was over when it was reported, so nobody is paged for it.
remark-live = It says what could be known at that minute; what is reported later changes the figure, not this verdict.
