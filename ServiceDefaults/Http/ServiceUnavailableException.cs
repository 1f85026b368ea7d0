namespace ServiceDefaults.Http;

/// <summary>Something this service depends on is away; answered 503 with Retry-After.</summary>
/// <param name="message">What is away and what became of the request, for the client to read.</param>
public sealed class ServiceUnavailableException(string message, Exception? innerException = null)
    : Exception(message, innerException);
