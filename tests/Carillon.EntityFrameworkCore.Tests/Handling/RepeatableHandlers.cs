namespace Carillon.EntityFrameworkCore.Tests.Handling;

/// <summary>Handles at least once, with a context that does not come as a parameter.</summary>
public sealed class RepeatableHandlers(HandlerSteps steps, ShopContext context)
{
    [Handler]
    public Task On(PaymentReceived payment)
    {
        steps.Run(context);
        return steps.Use(context);
    }
}
