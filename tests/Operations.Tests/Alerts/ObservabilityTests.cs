using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Operations.Alerts.Rules;
using YamlDotNet.RepresentationModel;

namespace Operations.Tests.Alerts;

/// <summary>The rules and the dashboard that are shipped in docs/observability.</summary>
public sealed partial class ObservabilityTests
{
    /// <summary>The outbox is measured by a service that needs its database; its one instrument has no unit.</summary>
    private static readonly HashSet<string> Known =
        [.. Instruments.All().Values.SelectMany(Instruments.PrometheusNames), "outbox_backlog"];

    [Fact]
    public void The_meters_of_the_design_are_there_with_their_units()
    {
        var units = Instruments.All().ToDictionary(one => one.Key, one => one.Value.Unit);
        Assert.Equal(
            ["ms", "ms", "1", "s", "ms", "1", "{failure}", "{entity}"],
            new[]
            {
                "command_processing_time", "event_store_append_time", "command_rejection_rate", "projection_lag",
                "query_response_time", "cache_hit_rate", "event_processing_failures", "consistency_check_failures",
            }.Select(name => units.GetValueOrDefault(name)));
        Assert.All(Instruments.All().Values, instrument => Assert.False(string.IsNullOrEmpty(instrument.Description)));
    }

    [Fact]
    public void Every_rule_is_well_formed_has_the_id_of_an_alert_and_names_metrics_that_exist()
    {
        var ids = AlertRules.All(new AlertLimits(), []).Select(rule => rule.Id).Append("server").ToHashSet();
        var rules = Rules();
        Assert.All(rules, rule =>
        {
            Assert.Matches("^[A-Z][A-Za-z]+$", Text(rule, "alert"));
            Assert.Contains(Text((YamlMappingNode)rule["labels"], "id"), ids);
            Assert.NotEqual("", Text((YamlMappingNode)rule["annotations"], "summary"));
            AssertExpression(Text(rule, "expr"));
        });
        Assert.Equal(ids, rules.Select(rule => Text((YamlMappingNode)rule["labels"], "id")).ToHashSet());
    }

    [Fact]
    public void Every_panel_has_a_place_of_its_own_and_names_metrics_that_exist()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Shipped("grafana-dashboard.json")));
        var panels = dashboard.RootElement.GetProperty("panels").EnumerateArray().ToList();
        Assert.Distinct(panels.Select(panel => panel.GetProperty("id").GetInt32()));
        Assert.Distinct(panels.Select(panel => panel.GetProperty("gridPos").ToString()));
        Assert.All(
            panels.SelectMany(panel => panel.GetProperty("targets").EnumerateArray()),
            target => AssertExpression(target.GetProperty("expr").GetString()!));
        Assert.InRange(panels.Count, 10, 40);
    }

    private static List<YamlMappingNode> Rules()
    {
        var file = new YamlStream();
        file.Load(new StringReader(File.ReadAllText(Shipped("prometheus-rules.yml"))));
        var groups = (YamlSequenceNode)file.Documents.Single().RootNode["groups"];
        return [.. groups.SelectMany(group => (YamlSequenceNode)group["rules"]).Cast<YamlMappingNode>()];
    }

    private static void AssertExpression(string expression)
    {
        Assert.Equal(expression.Count(letter => letter == '('), expression.Count(letter => letter == ')'));
        var metrics = Name().Matches(Selector().Replace(expression, "")).Select(match => match.Value)
            .Where(name => name.Contains('_') && name != "histogram_quantile").ToList();
        Assert.NotEmpty(metrics);
        Assert.All(metrics, metric => Assert.True(Known.Contains(metric), $"There is no metric {metric}: {expression}"));
    }

    private static string Text(YamlMappingNode node, string key) => ((YamlScalarNode)node[key]).Value!;

    private static string Shipped(string file, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "../../../docs/observability", file);

    /// <summary>Labels and ranges: what is in them is no metric.</summary>
    [GeneratedRegex(@"\{[^}]*\}|\[[^\]]*\]|by \([^)]*\)")]
    private static partial Regex Selector();

    [GeneratedRegex(@"[a-z][a-z0-9_]*")]
    private static partial Regex Name();
}
