using System.Globalization;
using System.Text.Json;

namespace Cli.Roi;

/// <summary>The result in words and tables, for standard output.</summary>
internal static class RoiReport
{
    private const int MostSensitive = 8;

    public static void Write(RoiResult result, TextWriter output)
    {
        output.WriteLine("Assumptions (set them with flags or --file):");
        foreach (var property in typeof(RoiAssumptions).GetProperties())
        {
            output.WriteLine(Text(
                $"  {JsonNamingPolicy.CamelCase.ConvertName(property.Name),-22} {property.GetValue(result.Assumptions),10}"));
        }
        output.WriteLine();
        output.WriteLine($"  {"a month",-22} {"one database",14} {"with CQRS",14}");
        Row("cores", result.Plain.Cores, result.Cqrs.Cores, "N1");
        Row("storage, GB", result.Plain.Gigabytes, result.Cqrs.Gigabytes, "N0");
        Row("compute", result.Plain.Compute, result.Cqrs.Compute, "N0");
        Row("storage", result.Plain.Storage, result.Cqrs.Storage, "N0");
        Row("people", result.Plain.People, result.Cqrs.People, "N0");
        Row("total", result.Plain.Total, result.Cqrs.Total, "N0");
        output.WriteLine();
        output.WriteLine(result.SavedPerMonth >= 0
            ? Text($"CQRS saves {result.SavedPerMonth:N0} a month; the building is paid for after {result.PaybackMonths:N0} months.")
            : Text($"CQRS costs {-result.SavedPerMonth:N0} a month more. By cost alone it does not pay for this load."));
        output.WriteLine(result.BreakEvenReads switch
        {
            null => "Break-even: at no rate of queries, all else equal.",
            0 => "Break-even: at any rate of queries, all else equal.",
            { } reads => Text($"Break-even: from {reads:N0} queries per second on, all else equal."),
        });
        output.WriteLine();
        output.WriteLine("What it depends on most (saved a month, one assumption halved or doubled):");
        output.WriteLine($"  {"",-22} {"is",12} {"halved",14} {"doubled",14}");
        foreach (var each in result.Sensitivities.Take(MostSensitive))
            output.WriteLine(Text($"  {each.Assumption,-22} {each.Value,12} {each.Halved,14:N0} {each.Doubled,14:N0}"));

        void Row(string name, double plain, double cqrs, string format) => output.WriteLine(
            $"  {name,-22} {plain.ToString(format, CultureInfo.InvariantCulture),14} "
            + $"{cqrs.ToString(format, CultureInfo.InvariantCulture),14}");
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
