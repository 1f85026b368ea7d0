using Microsoft.AspNetCore.Http;

namespace ServiceDefaults.Http;

/// <summary>A header or parameter is wrong by itself; answered 400 with problem details that name it.</summary>
/// <param name="message">What it must be and what it was, to stand behind the name: <c>must be …, was …</c></param>
public sealed class InvalidRequestException(string field, string message)
    : BadHttpRequestException($"{field} {message}", StatusCodes.Status400BadRequest)
{
    /// <summary>The header or parameter.</summary>
    public string Field { get; } = field;

    /// <summary>What is wrong with it.</summary>
    public string Fault { get; } = message;
}
