using System.Text.Json;
using Cli.Roi;
using Cli.Tests.Backup;

namespace Cli.Tests.Roi;

public sealed class RoiModelTests
{
    [Fact]
    public void A_small_load_does_not_pay()
    {
        var result = RoiModel.Compute(new RoiAssumptions { ReadsPerSecond = 5, WritesPerSecond = 1 });

        Assert.True(result.SavedPerMonth < 0);
        Assert.Null(result.PaybackMonths);
    }

    [Fact]
    public void At_break_even_both_cost_the_same()
    {
        var assumptions = new RoiAssumptions();
        var reads = RoiModel.Compute(assumptions).BreakEvenReads;

        Assert.NotNull(reads);
        var there = assumptions with { ReadsPerSecond = reads.Value };
        Assert.InRange(RoiModel.Plain(there).Total - RoiModel.Cqrs(there).Total, 0, 1);
        Assert.True(RoiModel.Compute(there with { ReadsPerSecond = reads.Value * 2 }).SavedPerMonth > 0);
    }

    [Fact]
    public void Where_a_query_costs_no_less_than_before_it_never_pays()
    {
        var assumptions = new RoiAssumptions { PlainReadCpu = 0.01, PlainCacheHits = 0 };

        Assert.Null(RoiModel.Compute(assumptions).BreakEvenReads);
    }

    [Fact]
    public void Costs_are_cores_storage_and_people()
    {
        var assumptions = new RoiAssumptions
        {
            ReadsPerSecond = 1000,
            WritesPerSecond = 0,
            PeakFactor = 1,
            Utilization = 0.5,
            CacheHits = 0,
            ModelReadCpu = 1,
            FixedCores = 3,
            Models = 0,
            PricePerCoreHour = 1,
            ExtraHoursPerMonth = 2,
            PricePerEngineerHour = 10,
        };

        var month = RoiModel.Cqrs(assumptions);

        Assert.Equal(5, month.Cores, 6); // A second of CPU per second at half use is two cores, beside three.
        Assert.Equal(5 * 730, month.Compute, 6);
        Assert.Equal(0, month.Gigabytes);
        Assert.Equal(20, month.People);
    }

    [Fact]
    public void The_most_sensitive_assumption_comes_first()
    {
        var sensitivities = RoiModel.Compute(new RoiAssumptions()).Sensitivities;

        Assert.Equal(sensitivities.OrderByDescending(each => each.Swing), sensitivities);
        Assert.Contains(sensitivities, each => each.Assumption == "extraHoursPerMonth" && each.Halved > each.Doubled);
    }

    [Fact]
    public async Task What_is_printed_as_assumptions_can_be_given_as_a_file()
    {
        var file = Path.GetTempFileName();
        try
        {
            var first = (await Command.Run("roi", "--reads", "77", "--json")).IsDone();
            var assumptions = JsonDocument.Parse(first).RootElement.GetProperty("assumptions").GetRawText();
            await File.WriteAllTextAsync(file, assumptions, TestContext.Current.CancellationToken);

            Assert.Equal(first, (await Command.Run("roi", "--file", file, "--json")).IsDone());
            await File.WriteAllTextAsync(file, """{"readPerSecond":3}""", TestContext.Current.CancellationToken);
            (await Command.Run("roi", "--file", file)).IsRefused(2, "readPerSecond");
            (await Command.Run("roi", "--cache-hits", "80")).IsRefused(2, "cacheHits", "0 to 1");
        }
        finally
        {
            File.Delete(file);
        }
    }
}
