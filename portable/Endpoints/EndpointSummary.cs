namespace Portable.Endpoints;

/// <summary>Text about an endpoint.</summary>
public class EndpointSummary
{
    /// <summary>One line.</summary>
    public string Summary { get; set; } = "";

    /// <summary>At length.</summary>
    public string Description { get; set; } = "";

    /// <summary>Text per parameter or property.</summary>
    public Dictionary<string, string> Params { get; set; } = [];

    /// <summary>Text per status.</summary>
    public Dictionary<int, string> Responses { get; set; } = [];

    /// <summary>The text of one status.</summary>
    public string this[int statusCode]
    {
        get => Responses[statusCode];
        set => Responses[statusCode] = value;
    }
}

/// <summary>Text about an endpoint with a request.</summary>
public class EndpointSummary<TRequest> : EndpointSummary where TRequest : notnull
{
    /// <summary>An example of the request.</summary>
    public TRequest? ExampleRequest { get; set; }
}
