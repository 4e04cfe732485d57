# What `sqm report` says, in English. The words are those of the glossary: standard, limit, objective, clock, journey.
# Every key is there in all languages, with the same arguments.

## What every report says

report-title =
    { $kind ->
        [attainment] How far standards were kept
        [waits] How long it took
        [violations] Violations
        [complaints] Complaints
       *[scorecard] Scorecard
    }
report-fact-period = Period
report-fact-zone = Times in
report-fact-by = By
report-fact-against = Compared with
report-fact-made = Made
report-fact-n = Too few below
report-span = { $begin } to { $end }
report-span-open = all that history holds
report-named-span = { $name }: { $span }
report-made = { $at }, by sqm { $version }
report-nothing = Nothing to show
report-nothing-says = History holds nothing of this in this period. That is no good news and no bad news: nobody came, or nothing was recorded.
report-contents = Contents
report-how = How these figures were made
report-more-rows =
    { $n ->
        [one] One more row is not shown here; CSV, JSON and Parquet have all.
       *[other] { $n } more rows are not shown here; CSV, JSON and Parquet have all.
    }
report-not-said = not said
report-whole = all together
report-others =
    { $n ->
        [one] one other, too few to be shown
       *[other] { $n } others, too few to be shown
    }
report-target =
    { $better ->
        [lower] at most { $target }
       *[higher] at least { $target }
    }
report-by =
    { $by ->
        [site] Site
        [region] Region
        [queue] Queue
        [hour] Hour
        [clock_hour] Hour of the day
        [day] Day
        [weekday] Weekday
        [week] Week
        [month] Month
        [channel] Channel
        [service] Service
        [segment] Kind of customer
        [priority] Priority
        [team] Team
       *[employee] Employee
    }
report-weekday =
    { $day ->
        [1] Monday
        [2] Tuesday
        [3] Wednesday
        [4] Thursday
        [5] Friday
        [6] Saturday
       *[7] Sunday
    }
report-day-short =
    { $month ->
        [1] { $day } Jan
        [2] { $day } Feb
        [3] { $day } Mar
        [4] { $day } Apr
        [5] { $day } May
        [6] { $day } Jun
        [7] { $day } Jul
        [8] { $day } Aug
        [9] { $day } Sep
        [10] { $day } Oct
        [11] { $day } Nov
       *[12] { $day } Dec
    }
report-weekday-short =
    { $day ->
        [1] Mon
        [2] Tue
        [3] Wed
        [4] Thu
        [5] Fri
        [6] Sat
       *[7] Sun
    }
report-metric =
    { $name ->
        [sl_all_offered] Service level, all who came
        [sl_short_excluded] Service level, short abandons left out
        [sl_short_credited] Service level, short abandons credited
        [sl_late_abandons] Service level, abandons within the limit left out
        [sl_abandons_credited] Service level, abandons within the limit credited
        [sl_answered_only] Service level, answered only
        [goal_met] Within the limit
        [abandonment] Left before being served
        [abandonment_net] Left, short abandons left out
        [asa] Mean time
        [aht] Mean handling time
        [p50] Half took at most
        [p75] 75% took at most
        [p90] 90% took at most
        [p95] 95% took at most
        [p99] 99% took at most
        [rate] Share
        [first_contact_resolution] Settled at the first contact
        [transfer_rate] Handed over
        [reopen_rate] Opened again
        [per_100] Per 100
        [per_1000] Per 1,000
        [complaints_per_1000] Complaints per 1,000 visits
        [lost_sales_per_100] Lost sales per 100 visits
        [csat_top2] Satisfied (two highest boxes)
        [csat_mean] Mean satisfaction
        [nps] Net promoter score
        [ces] Effort score
        [checklist_score] Checklist score
       *[critical_failures] Checklists with a critical failure
    }

## States and trends

report-state =
    { $state ->
        [holds] holds
        [misses] missed, may be chance
        [surely] missed
        [few] too few to judge
        [unknown] no target known
       *[none] no data
    }
report-state-says =
    { $state ->
        [holds] the target is reached
        [misses] the target is missed, but by no more than chance explains (95%)
        [surely] the target is missed by more than chance explains
        [few] fewer than the standard’s least n, so no judgement is passed
        [unknown] history does not hold the text of this standard
       *[none] nothing was counted, which is neither good nor bad
    }
report-trend =
    { $trend ->
        [better] better
        [worse] worse
        [same] no clear change
       *[none] nothing to compare
    }
report-trend-from =
    { $trend ->
        [better] better than before ({ $before })
        [worse] worse than before ({ $before })
        [same] no clear change from { $before }
       *[none] before: no data
    }

## Columns

report-column-standard = Standard
report-column-target = Target
report-column-figure = Figure
report-column-likely = Likely (95%)
report-column-n = n
report-column-before = Before
report-column-trend = Trend
report-column-state = State
report-column-with-excluded = With what is excluded
report-column-metric = Metric
report-column-formula = Formula
report-column-mean = Mean
report-column-longest = Longest
report-column-left = Left
report-column-within = Within the limit
report-column-kind = Kind
report-column-reason = Reason
report-column-open = Open
report-column-closed = Over
report-column-retracted = Retracted
report-column-late = Reported late
report-column-journey = Journey
report-column-value = Took
report-column-limit = Limit
report-column-times = Times the limit
report-column-opened = Opened
report-column-where = Where
report-column-explain = Explained
report-column-count = Complaints
report-column-per-1000 = Per 1,000 visits
report-column-visits = Visits
report-column-answered = Answered
report-column-resolved = Resolved
report-column-withdrawn = Withdrawn
report-column-reopened = Opened again
report-column-escalated = Handed on
report-column-topic = About
report-column-severity = Severity

## Attainment

report-trend-title = { $metric } over time
report-trend-chart = One point for each { $unit }, the band is where the figure likely lies (95%), the dashed line is the target ({ $target }). From { $first } ({ $first_figure }) to { $last } ({ $last_figure }); lowest { $lowest } ({ $lowest_at }), highest { $highest } ({ $highest_at }). Hollow points have too few to judge.
report-unit =
    { $unit ->
        [hour] hour
        [day] day
        [week] week
       *[month] month
    }
report-groups-title = { $metric } by { $by }
report-groups-chart = One point for each, the line beside it is where the figure likely lies (95%), the dashed line is the target ({ $target }). Farthest from the target: { $worst } ({ $worst_figure }). Best: { $best } ({ $best_figure }).
report-groups-cut = The { $n } farthest from the target are drawn.
report-heat-title = { $metric } by weekday and hour
report-heat-chart = Each field is an hour of a weekday, all weeks together. Farthest from the target: { $worst } ({ $worst_figure }, n { $n }).
report-heat-grid = { $metric }; in brackets n
report-heat-few = too few
report-level =
    { $name ->
        [sl_all_offered] all who came
        [sl_short_excluded] short abandons left out
        [sl_short_credited] short abandons credited
        [sl_late_abandons] left within the limit, not counted
        [sl_abandons_credited] left within the limit, credited
       *[sl_answered_only] answered only
    }
report-levels-title = The same journeys by every service level
report-levels-chart = The six service levels differ in how they count those who left. This standard is held to: { $aim }.
report-metrics-title = Every metric of this standard
report-tile-target = target { $target }
report-tile-likely = likely { $likely }
report-worst-group = Farthest from the target
report-state-title = State
report-n-title = Counted
report-excluded = Left out by agreement: { $id }, { $begin } to { $end }: { $reason } Entered by { $author }.
report-excluded-beside = The figures leave out what is excluded by agreement; the column beside them has it in.
report-how-attainment = { $metric } = { $formula }; { $counted } are counted in the { $attribution }. Sums over sums: a figure of a month is made of the month’s sums, not of its days’ figures.
report-attribution =
    { $kind ->
        [journeys] period in which they arrived
       *[other] period in which they happened
    }
report-counted =
    { $kind ->
        [journeys] journeys
        [answers] answers
        [contacts] contacts
        [checklists] checklists
       *[events] events
    }
report-how-minutes = From the minutes of attainment that stand in history, corrections included.
report-how-measurements = From the single measurements that stand in history, corrections included, because only these say { $by }.
report-how-likely = “Likely” is where the figure lies with 95% confidence (Wilson’s interval of a share, Student’s of a mean). A figure of few says little, and its interval is wide.
report-how-state = Judged over the whole period: { $states }. Live, the standard is judged in its own windows, so violations and this state need not agree.
report-how-names = Of employees and teams with fewer than { $n } nothing is shown by name. Where that would be one alone, the next smallest is not shown either, for the figure of one could be worked out from the others.

## Waits

report-percentile =
    { $name ->
        [p50] Half
        [p75] 75%
        [p90] 90%
        [p95] 95%
       *[p99] 99%
    }
report-tile-of = { $good } of { $total }
report-tile-left = before being served
report-distribution-title = How long it took
report-distribution-chart = How many were served after how long, in stretches of { $width }; the dashed line is the limit of { $limit }. { $within } of { $n } were within their limit. The last bar holds everything longer.
report-distribution-many = How many were served after how long, in stretches of { $width }. { $within } of { $n } were within their limit, which is not the same for all. The last bar holds everything longer.
report-served = served
report-left = left
report-limit = limit { $limit }
report-target-mark = target { $target }
report-percentiles-title = Half, 90% and 95% by { $by }
report-percentiles-chart = From left to right: half took at most so long, 90%, 95%. Longest 90%: { $worst } ({ $worst_figure }).
report-waits-heat-title = 90% took at most, by weekday and hour
report-waits-heat-chart = Each field is an hour of a weekday, all weeks together. Longest: { $worst } ({ $worst_figure }, n { $n }).
report-waits-trend-title = Half and 90% over time
report-waits-trend-chart = One point for each { $unit }: half took at most so long (lower line), 90% (upper line). Longest 90%: { $worst_figure } on { $worst }.
report-how-waits = From the single measurements that stand in history: clocks that were stopped and are plausible; whoever left is counted beside them. A percentile is the value of the nearest rank, to the millisecond. What agreements exclude is in here.
report-times-limit =
    { $class ->
        [c0] up to half the limit
        [c1] up to the limit
        [c2] up to twice
        [c3] up to four times
       *[c4] longer
    }
report-times-target =
    { $class ->
        [c0] twice as good as the target
        [c1] target reached
        [c2] up to twice the target
        [c3] up to four times
       *[c4] more
    }
report-from-target =
    { $class ->
        [c0] 5 points better or more
        [c1] target reached
        [c2] up to 10 points worse
        [c3] up to 25 points worse
       *[c4] worse still
    }

## Violations

report-kind =
    { $kind ->
        [journey] Not kept
        [at_risk] Was at risk
        [presence] Did not report
        [objective] Objective missed
       *[burn] Budget spent too fast
    }
report-reason =
    { $reason ->
        [limit_passed] limit passed
        [warning_passed] warning passed
        [ended_late] ended beyond the limit
        [ended] ended
        [expired] given up, nobody ended it
        [cancelled] called off
        [abandoned_late] customer left beyond the limit
        [due_moved] due time moved
        [ended_in_time] turned out to be in time
        [no_such_clock] turned out not to have been
        [violated] became a violation
        [implausible] turned out to be implausible
        [standard_retired] standard retired
        [below_minimum] below the minimum
        [step_missing] step missing
        [step_late] step late
        [step_repeated] step repeated
        [step_out_of_order] step out of order
        [silent] nothing heard
        [reported_again] heard again
        [forgotten] given up
        [target_missed] target missed
        [target_kept] target kept again
        [too_few] too few to say
        [no_data] no data
        [window_over] window over
        [standard_over] standard over
        [burning] budget burning
        [burn_over] burn over
       *[inhibited] covered by a graver one
    }
report-violations-tile = Journeys not kept
report-violations-open = Open now
report-violations-retracted = Retracted
report-violations-retracted-says = a later report showed that they never were
report-violations-open-says = neither over nor retracted
report-violations-trend = Violations over time
report-violations-trend-chart = How many were opened in each { $unit }, by kind. Most: { $most } ({ $most_at }).
report-violations-groups = Journeys not kept, by { $by }
report-violations-groups-chart = How many were opened in each; most in { $worst } ({ $most }).
report-violations-reasons = By standard, kind and reason
report-violations-by = By { $by }
report-violations-told =
    { $which ->
        [worst] The worst journeys, by how many times the limit they took
       *[open] Open the longest
    }
report-violations-told-says = Each is explained beneath, in the words of the command that stands beside it.
report-violations-none-open = None is open.
report-how-violations = Violations that were opened in the period, as they stand now. What was retracted never was a violation, and is counted apart.
report-how-risk = “Was at risk” is a warning before the limit, and no violation.
report-explain-command = sqm explain { $id }

## Complaints

report-complaints-tile = Complaints
report-complaints-per-1000 = Per 1,000 visits
report-before = before: { $before }
report-complaints-open = Still open
report-complaints-open-says = neither resolved nor withdrawn by the last that is known
report-complaints-escalated = Handed on
report-complaints-escalated-says = at least once, to another site, queue or employee
report-complaints-visits = of { $visits } visits
report-complaints-trend = Complaints over time
report-complaints-trend-chart = How many were opened in each { $unit }. Most: { $most } ({ $most_at }).
report-complaints-topics = What they are about
report-complaints-topics-chart = Most often: { $worst } ({ $most }).
report-complaints-by = By { $by }
report-complaints-standards = Standards of complaints
report-complaints-standards-none = No standard with outcomes in this period begins its clock when a complaint is opened.
report-how-complaints = Complaints that were opened in the period, with what came of them up to now; visits are journeys that arrived in it. Complaints per 1,000 visits are sums over sums, and have no value where nobody came.

## Scorecard

report-scorecard-title = Every standard, by { $by }
report-scorecard-chart = One field for each standard and { $by }: its figure, coloured by its state. { $missed } of { $judged } that could be judged are missed.
report-scorecard-tile-holds = Hold
report-scorecard-tile-missed = Missed beyond chance
report-scorecard-tile-chance = Missed, may be chance
report-scorecard-tile-few = Too few or no data
report-scorecard-tile-of = of { $n }
report-scorecard-whole = All together
report-scorecard-whole-says = Each standard over everything that it covers.
report-scorecard-grid = By { $by }
report-scorecard-cut = The { $n } with the most missed standards are drawn.
report-how-scorecard = Each figure is that of the metric which the standard is held to. A trend is named only where the likely ranges (95%) of both periods do not overlap; a percentile has no such range, so it is named at a tenth.
report-how-missing = Not shown, since what is counted or scored is not split that way: { $standards }.
report-column-held-to = Held to
