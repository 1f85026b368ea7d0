namespace Portable.Endpoints;

/// <summary>The places that a <see cref="RequestBinder{TRequest}"/> reads.</summary>
[Flags]
public enum BindingSource
{
    JsonBody = 1 << 0,
    RouteValues = 1 << 2,
    QueryParams = 1 << 3,
    Headers = 1 << 5,
}
