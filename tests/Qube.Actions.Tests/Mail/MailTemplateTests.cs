using Qube.Actions.Mail;
using Qube.Contracts.Actions;
using Xunit;

namespace Qube.Actions.Tests.Mail;

/// <summary>Templates and recipients, without a server.</summary>
public sealed class MailTemplateTests
{
    private static readonly Dictionary<string, string> Values = new() { ["JOB_ID"] = "12", ["JOB_NAME"] = "lunch ${JOB_ID}", ["TWO"] = "a\r\nBcc: everybody@example.com" };

    [Theory]
    [InlineData("job ${JOB_ID}.", "job 12.")]
    [InlineData("job $JOB_ID.", "job 12.")]
    [InlineData("$JOB_ID$JOB_ID ${JOB_ID}x", "1212 12x")]
    [InlineData("[${NO_SUCH}$NOR_THIS]", "[]")]
    [InlineData("$5 and 5$", "$5 and 5$")]
    [InlineData("${JOB_ID", "${JOB_ID")]
    [InlineData("${} $ {JOB_ID} $$JOB_ID", "${} $ {JOB_ID} $12")]
    [InlineData("$JOB_NAME", "lunch ${JOB_ID}")]
    [InlineData("", "")]
    public void Should_put_values_in_the_place_of_names(string text, string expected) =>
        Assert.Equal(expected, MailTemplate.Parse(text).Expand(Values).Body);

    [Fact]
    public void Should_take_the_subject_from_the_first_line_and_let_no_value_begin_another()
    {
        MailTemplate mail = MailTemplate.Parse("subject:  job $JOB_ID $TWO\r\n\r\nbody\r\nof $TWO").Expand(Values);
        Assert.Equal("job 12 a  Bcc: everybody@example.com", mail.Subject);
        Assert.Equal("body\nof a\r\nBcc: everybody@example.com", mail.Body);
        Assert.Equal("job 12 lunch ${JOB_ID}:", MailTemplate.Parse("no subject").Expand(Values).Subject);
        Assert.Equal("only", MailTemplate.Parse("Subject: only").Expand(Values).Subject);
    }

    [Fact]
    public void Should_know_every_variable_of_job_item_and_instance()
    {
        Dictionary<string, string> values = MailVariables.Of(ActionRuns.Of("mail", "", "complete-work-self-5"), "super", DateTimeOffset.FromUnixTimeSeconds(1_700_000_125));
        foreach (string name in
            "HOST JOB_ACCOUNT JOB_CLUSTER JOB_CPUS JOB_DATA JOB_DOMAIN JOB_FLAGS JOB_GLOBALORDER JOB_GROUPS JOB_HOSTORDER JOB_HOSTS JOB_ID JOB_KIND JOB_LABEL JOB_LOCALORDER JOB_NAME JOB_OMITGROUPS JOB_OMITHOSTS JOB_PACKAGE JOB_PGRP JOB_PID JOB_PRIORITY JOB_PROTOTYPE JOB_REQUIREMENTS JOB_RESTRICTIONS JOB_STATUS JOB_TIMECOMPLETE JOB_TIMEELAPSED JOB_TIMEOUT JOB_TIMESTART JOB_TIMESUBMIT JOB_TYPE JOB_USER TRIGGERS USER WORK_NAME WORK_HOST WORK_STATUS WORK_PID WORK_SUBID WORK_ADDRESS WORK_RESULTPACKAGE SUBJOB_ID SUBJOB_STATUS SUBJOB_PID SUBJOB_ADDRESS".Split(' '))
        {
            Assert.True(values.ContainsKey(name), $"expected a value for {name}");
        }

        Assert.Equal("12", values["JOB_ID"]);
        Assert.Equal("{\"cmdline\":\"true\"}", values["JOB_PACKAGE"]);
        Assert.Equal("2023-11-14 22:13:20 UTC", values["JOB_TIMESTART"]);
        Assert.Equal("", values["JOB_TIMECOMPLETE"]);
        Assert.Equal("0:02:05", values["JOB_TIMEELAPSED"]);
        Assert.Equal(("5", "complete", "node7"), (values["WORK_NAME"], values["WORK_STATUS"], values["WORK_HOST"]));
        Assert.Equal(("3", "running"), (values["SUBJOB_ID"], values["SUBJOB_STATUS"]));
        Assert.Equal("complete-work-self-*", values["TRIGGERS"]);
    }

    [Theory]
    [InlineData("wanda", "example.com", "wanda@example.com", "")]
    [InlineData("wanda, bob@other.org;wanda", "@example.com", "wanda@example.com bob@other.org", "")]
    [InlineData("wanda", "", "wanda", "")]
    [InlineData(" , ,", "example.com", "", "")]
    [InlineData("a@b@c, x y@example.com, ok@example.com", "example.com", "ok@example.com", "a@b@c|x y@example.com")]
    [InlineData("Wanda <wanda@example.com>", "example.com", "wanda@example.com", "")]
    public void Should_complete_recipients_and_name_what_is_no_address(string list, string domain, string expected, string refused)
    {
        Assert.Equal(expected, string.Join(' ', MailRecipients.Of(list, domain, out IReadOnlyList<string> bad)));
        Assert.Equal(refused, string.Join('|', bad));
    }

    [Fact]
    public void Should_show_no_password_when_options_are_printed()
    {
        string text = new MailOptions { Host = "mail", User = "the-user", Password = "the-secret" }.ToString();
        Assert.Contains("mail", text, StringComparison.Ordinal);
        Assert.DoesNotContain("the-secret", text, StringComparison.Ordinal);
        Assert.DoesNotContain("the-user", text, StringComparison.Ordinal);
        Assert.DoesNotContain("the-secret", new Qube.Actions.Webhooks.WebhookOptions { Secret = "the-secret" }.ToString(), StringComparison.Ordinal);
    }
}
