using Carillon;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;

namespace OrderFlow.Web;

/// <summary>Turns exceptions into answers that say what to do.</summary>
internal sealed class ProblemHandler : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext http, Exception exception, CancellationToken cancellation)
    {
        ProblemHttpResult? problem = exception switch
        {
            BadHttpRequestException error => TypedResults.Problem(error.Message, statusCode: error.StatusCode, title: "The request cannot be read"),
            PublishFailedException { IsOutcomeUnknown: true } error => Unavailable(error, "It is not certain whether the event was stored."),
            CarillonException error => Unavailable(error, "Nothing was stored; try again."),
            _ => null,
        };
        if (problem is null)
            return false;
        await problem.ExecuteAsync(http);
        return true;
    }

    private static ProblemHttpResult Unavailable(CarillonException error, string consequence) => TypedResults.Problem(
        $"{consequence} {error.Message}", statusCode: StatusCodes.Status503ServiceUnavailable, title: "The shop cannot take this now",
        extensions: [new("code", error.Code)]);
}
