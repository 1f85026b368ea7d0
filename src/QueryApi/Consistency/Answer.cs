using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using QueryApi.Caching;

namespace QueryApi.Consistency;

/// <summary>200 with a JSON document and its <c>ETag</c>, or 304; made for this request alone.</summary>
internal sealed class Answer<T>(T value) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var options = httpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var (body, tag) = CachedAnswer.Encode(value, options);
        return AnswerWriter.Write(httpContext, body, tag);
    }
}

/// <summary>The same of a document that is encoded already.</summary>
internal sealed class EncodedAnswer(CachedAnswer answer) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) =>
        AnswerWriter.Write(httpContext, answer.Body, answer.TagHeader);
}
