using Commerce.Contracts;

namespace Commerce.Tests;

public class RulesSpecs
{
    [Fact]
    public void Every_rule_is_listed_once_and_found_by_its_name()
    {
        var declared = typeof(Rules).GetProperties()
            .Where(property => property.PropertyType == typeof(Rule))
            .Select(property => (Rule)property.GetValue(null)!)
            .ToList();

        Assert.Equal(declared.Select(rule => rule.Name).Order(), Rules.All.Select(rule => rule.Name).Order());
        Assert.All(declared, rule => Assert.Same(rule, Rules.Find(rule.Name)));
        Assert.Null(Rules.Find("no-such-rule"));
    }

    [Fact]
    public void Every_event_of_the_catalog_has_a_stream()
    {
        Assert.All(EventCatalog.All, name =>
        {
            var constructor = name.Type.GetConstructors().Single(candidate => candidate.GetParameters().Length > 1);
            var fact = (ICommerceEvent)constructor.Invoke([.. constructor.GetParameters().Select(Sample)]);
            Assert.Contains("/demo/", CommerceStreams.Of(fact), StringComparison.Ordinal);
        });

        static object? Sample(System.Reflection.ParameterInfo parameter) => parameter switch
        {
            { Name: "Tenant" } => "demo",
            { ParameterType: { IsValueType: true } type } => Activator.CreateInstance(type),
            _ => null,
        };
    }
}
