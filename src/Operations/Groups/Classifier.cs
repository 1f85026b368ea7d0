using Operations.Intake;

namespace Operations.Groups;

/// <summary>What failed messages are grouped by.</summary>
internal enum Classifier
{
    Exception = 1,
    MessageType = 2,
    EndpointAddress = 3,
    EndpointInstance = 4,
    EndpointName = 5,
}

/// <summary>A group of failed messages.</summary>
/// <param name="Id">The same for the same title of a classifier, anywhere.</param>
internal sealed record MessageGroup(Guid Id, Classifier Classifier, string Title);

/// <summary>Classifiers by name, as the API knows them.</summary>
internal static class Classifiers
{
    private static readonly (Classifier Classifier, string Name, string Column)[] All =
    [
        (Classifier.Exception, "Exception Type and Stack Trace", "by_exception"),
        (Classifier.MessageType, "Message Type", "by_type"),
        (Classifier.EndpointAddress, "Endpoint Address", "by_address"),
        (Classifier.EndpointInstance, "Endpoint Instance", "by_instance"),
        (Classifier.EndpointName, "Endpoint Name", "by_endpoint"),
    ];

    public static IEnumerable<string> Names => All.Select(entry => entry.Name);

    public static Classifier? Find(string name) => All
        .Where(entry => entry.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        .Select(entry => (Classifier?)entry.Classifier)
        .FirstOrDefault();

    public static string Name(this Classifier classifier) => Entry(classifier).Name;

    /// <summary>The column of a failed message that holds its group.</summary>
    public static string Column(this Classifier classifier) => Entry(classifier).Column;

    public static Guid GroupId(this Classifier classifier, string title) =>
        MessageIdentity.Of(classifier.Name(), title);

    private static (Classifier Classifier, string Name, string Column) Entry(Classifier classifier) =>
        All.Single(entry => entry.Classifier == classifier);
}
