-- MetricFlow asks for every day that a query may be about
select cast(unnest(generate_series(date '2018-01-01', date '2049-12-31', interval 1 day)) as date) as calendar_day
