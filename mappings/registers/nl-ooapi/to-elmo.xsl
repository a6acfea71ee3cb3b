<?xml version="1.0" encoding="UTF-8"?>
<!--
  OOAPI 5 and 6 (Netherlands) to ELMO 1.7.
  Source: all answers to the questions of one pull, as the XML form of JSON: persons, associations, organisations,
  offerings, courses and programmes. The versions name fields differently; each difference stands in one function.
  Owner: the registrar. What is read, left out and INFERRED stands in README.md, every code in code-tables.xml.
-->
<xsl:stylesheet version="3.0"
    xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1"
    xmlns:array="http://www.w3.org/2005/xpath-functions/array"
    xmlns:f="urn:emrexhub:mapping:nl-ooapi"
    xmlns:hub="urn:emrexhub:mapping:1"
    xmlns:j="http://www.w3.org/2005/xpath-functions"
    xmlns:map="http://www.w3.org/2005/xpath-functions/map"
    xmlns:shared="urn:emrexhub:functions:1"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    exclude-result-prefixes="#all"
    expand-text="yes">

  <xsl:import href="../../elmo/functions.xsl"/>

  <xsl:output method="xml" encoding="UTF-8" indent="no"/>

  <xsl:param name="today" as="xs:string" required="yes"/>
  <xsl:param name="identifierType" as="xs:string" select="''"/>
  <xsl:param name="identifier" as="xs:string" select="''"/>
  <!-- Settings: what OOAPI need not say of the institution. -->
  <xsl:param name="issuer-schac" as="xs:string" select="''"/>
  <xsl:param name="issuer-url" as="xs:string" select="''"/>
  <xsl:param name="time-zone" as="xs:string" select="'Europe/Amsterdam'"/>

  <xsl:variable name="tables" as="document-node()" select="doc('code-tables.xml')"/>
  <xsl:variable name="answers" as="element(j:map)*" select="/j:map/j:array[@key='answers']/j:map"/>
  <xsl:variable name="records" as="element(j:map)*" select="f:items('associations')"/>
  <!-- Decided once per record: the rule that leaves it out, or the empty string. -->
  <xsl:variable name="rules" as="map(xs:string, xs:string)" select="f:rules()"/>
  <xsl:variable name="kept" as="element(j:map)*" select="$records[f:skip-rule(.) = '']"/>
  <!-- The same credits must not count twice. A programme is the sum of its courses: of what was passed the courses bear
       the credits, if they have any; a passed programme gives none away to courses that were not passed. -->
  <xsl:variable name="bearing" as="element(j:map)*" select="$kept[xs:decimal(f:ects(.)) gt 0]"/>
  <xsl:variable name="bearing-courses" as="element(j:map)*" select="$bearing[not(f:is-programme(.))]"/>
  <xsl:variable name="passed-courses" as="element(j:map)*" select="$bearing-courses[f:status(.) = 'passed']"/>
  <xsl:variable name="passed-programmes" as="element(j:map)*" select="$bearing[f:is-programme(.)][f:status(.) = 'passed']"/>
  <xsl:variable name="programmes-bear" as="xs:boolean" select="exists($passed-programmes) and empty($passed-courses)"/>

  <xsl:mode name="learningOpportunitySpecification" on-no-match="fail"/>
  <xsl:mode name="learningOpportunityInstance" on-no-match="fail"/>
  <xsl:mode name="finding" on-no-match="fail"/>

  <xsl:template match="/">
    <xsl:if test="empty($answers[j:string[@key='question'] = 'persons'])">
      <xsl:sequence select="f:stop('answer_unreadable', 'the answers hold none about persons')"/>
    </xsl:if>
    <xsl:if test="exists($answers[empty(j:number[@key='status'])][not(f:is-whole(.))])">
      <xsl:sequence select="f:stop('answer_unreadable', 'an answer is neither a list nor what was asked for')"/>
    </xsl:if>
    <xsl:variable name="person" select="f:person()"/>
    <xsl:if test="exists($records ! f:persons-of(.)[not(. = f:text($person, 'personId'))])">
      <xsl:sequence select="f:stop('learner_mismatch', 'an association is of another person')"/>
    </xsl:if>
    <hub:result>
      <xsl:apply-templates select="$person" mode="learner"/>
      <xsl:if test="exists($kept)">
        <report>
          <xsl:call-template name="issuer"/>
          <xsl:apply-templates select="$kept" mode="learningOpportunitySpecification"/>
          <issueDate>{$today}T00:00:00Z</issueDate>
          <xsl:for-each-group select="$kept[f:label(.)]" group-by="f:scale(.)">
            <gradingScheme localId="{current-grouping-key()}">
              <description xml:lang="en">{f:row('result-value-types', current-grouping-key())/@en}</description>
            </gradingScheme>
          </xsl:for-each-group>
        </report>
      </xsl:if>
      <xsl:for-each select="$kept">
        <hub:mapped ref="{f:ref(.)}"/>
      </xsl:for-each>
      <xsl:for-each select="$records except $kept">
        <hub:skipped ref="{f:ref(.)}" rule="{f:skip-rule(.)}"/>
      </xsl:for-each>
      <xsl:apply-templates select="$person" mode="learner-finding"/>
      <xsl:apply-templates select="$kept" mode="finding"/>
      <xsl:if test="empty($kept)">
        <xsl:sequence select="f:finding((), 'no-results')"/>
      </xsl:if>
    </hub:result>
  </xsl:template>

  <!-- Learner. -->

  <xsl:template match="j:map" mode="learner">
    <hub:learner>
      <xsl:for-each-group select="f:codes(.)" group-by="f:row('person-code-types', f:text(., 'codeType'))/@identifier || '|' || f:text(., 'code')">
        <xsl:if test="not(starts-with(current-grouping-key(), '|'))">
          <hub:identifier type="{substring-before(current-grouping-key(), '|')}">{substring-after(current-grouping-key(), '|')}</hub:identifier>
        </xsl:if>
      </xsl:for-each-group>
      <xsl:for-each select="f:text(., 'givenName')">
        <hub:givenNames>{.}</hub:givenNames>
      </xsl:for-each>
      <xsl:if test="f:text(., 'surname')">
        <hub:familyName>{string-join((f:text(., 'surnamePrefix'), f:text(., 'surname')), ' ')}</hub:familyName>
      </xsl:if>
      <xsl:for-each select="f:text(., 'dateOfBirth')">
        <hub:bday>{f:day(.)}</hub:bday>
      </xsl:for-each>
      <xsl:for-each select="f:text(., 'gender')">
        <hub:gender>{f:row('genders', .)/@value}</hub:gender>
      </xsl:for-each>
      <xsl:for-each select="f:citizenship(.)">
        <hub:citizenship>{.}</hub:citizenship>
      </xsl:for-each>
    </hub:learner>
  </xsl:template>

  <xsl:template match="j:map" mode="learner-finding">
    <xsl:if test="empty(f:text(., 'givenName')) or empty(f:text(., 'surname'))">
      <xsl:sequence select="f:finding((), 'names-not-given')"/>
    </xsl:if>
    <!-- v5 writes a nationality as people say it: 'Dutch'. -->
    <xsl:if test="empty(f:citizenship(.)) and j:*[@key='nationality'][not(self::j:null)]">
      <xsl:sequence select="f:finding((), 'citizenship-left-out')"/>
    </xsl:if>
  </xsl:template>

  <!-- Report. -->

  <xsl:template name="issuer">
    <xsl:variable name="root" select="f:items('organisations')[f:text(., 'organizationType') = 'root' or f:text(., 'organisationType') = 'root']"/>
    <xsl:variable name="codes" select="$root ! f:codes(.)"/>
    <xsl:variable name="schac" select="(($codes[f:text(., 'codeType') = ('schacHome', 'schac_home')] ! f:text(., 'code')), $issuer-schac[. ne ''])[1]"/>
    <xsl:variable name="url" select="(($root ! f:text(., 'link')), $issuer-url[. ne ''], $schac ! ('https://www.' || lower-case(.)))[1]"/>
    <xsl:variable name="titles" select="$root[1]/j:array[@key='name']/j:map[f:text(., 'value')]"/>
    <xsl:if test="empty($schac)">
      <xsl:sequence select="f:stop('answer_unreadable', 'neither the answer nor the setting issuer-schac names the institution')"/>
    </xsl:if>
    <issuer>
      <country>NL</country>
      <identifier type="schac">{lower-case($schac)}</identifier>
      <xsl:for-each select="distinct-values($codes[f:text(., 'codeType') = ('brin', 'institution_code')] ! f:text(., 'code'))">
        <identifier type="national">{.}</identifier>
      </xsl:for-each>
      <xsl:call-template name="titles">
        <xsl:with-param name="names" select="$titles"/>
        <xsl:with-param name="otherwise" select="$schac"/>
      </xsl:call-template>
      <url>{$url}</url>
    </issuer>
  </xsl:template>

  <xsl:template match="j:map" mode="learningOpportunitySpecification">
    <xsl:variable name="subject" select="f:subject(.)"/>
    <xsl:variable name="offering" select="f:offering(.)"/>
    <learningOpportunitySpecification>
      <xsl:for-each select="($subject, $offering)[1]/j:map[@key='primaryCode'] ! f:text(., 'code')">
        <identifier type="local">{.}</identifier>
      </xsl:for-each>
      <xsl:call-template name="titles">
        <xsl:with-param name="names" select="($subject, $offering)[j:array[@key='name']/j:map[f:text(., 'value')]][1]/j:array[@key='name']/j:map"/>
        <xsl:with-param name="otherwise" select="f:ref(.)"/>
      </xsl:call-template>
      <type>{if (f:is-programme(.)) then 'Degree Programme' else 'Course'}</type>
      <xsl:for-each select="f:isced(.)">
        <iscedCode>{.}</iscedCode>
      </xsl:for-each>
      <specifies>
        <xsl:apply-templates select="." mode="learningOpportunityInstance"/>
      </specifies>
    </learningOpportunitySpecification>
  </xsl:template>

  <!-- One title per language. -->
  <xsl:template name="titles">
    <xsl:param name="names" as="element(j:map)*"/>
    <xsl:param name="otherwise" as="xs:string"/>
    <xsl:for-each-group select="$names[f:text(., 'value')]" group-by="string(shared:language-of-any-code(f:text(., 'language')))">
      <title>
        <xsl:if test="current-grouping-key() ne ''">
          <xsl:attribute name="xml:lang" select="current-grouping-key()"/>
        </xsl:if>
        <xsl:text>{f:text(., 'value')}</xsl:text>
      </title>
    </xsl:for-each-group>
    <xsl:if test="empty($names[f:text(., 'value')])">
      <title>{$otherwise}</title>
    </xsl:if>
  </xsl:template>

  <xsl:template match="j:map" mode="learningOpportunityInstance">
    <xsl:variable name="session" select="f:session(.)"/>
    <learningOpportunityInstance>
      <identifier type="local">{f:ref(.)}</identifier>
      <xsl:for-each select="f:date(.)">
        <date>{.}</date>
      </xsl:for-each>
      <!-- ELMO 1.7: a Degree Programme has no academic term. -->
      <xsl:if test="exists($session) and not(f:is-programme(.))">
        <academicTerm>
          <xsl:call-template name="titles">
            <xsl:with-param name="names" select="$session/j:array[@key='name']/j:map"/>
            <xsl:with-param name="otherwise" select="f:begin($session) || ' – ' || f:end($session)"/>
          </xsl:call-template>
          <start>{f:begin($session)}</start>
          <end>{f:end($session)}</end>
        </academicTerm>
      </xsl:if>
      <status>{f:status(.)}</status>
      <xsl:if test="exists(f:label(.))">
        <gradingSchemeLocalId>{f:scale(.)}</gradingSchemeLocalId>
        <resultLabel>{f:label(.)}</resultLabel>
      </xsl:if>
      <xsl:if test="exists(f:ects(.)) and not(f:yields-credits(.))">
        <credit>
          <scheme>ects</scheme>
          <value>{f:ects(.)}</value>
        </credit>
      </xsl:if>
      <xsl:for-each select="f:eqf(.)">
        <level>
          <type>EQF</type>
          <value>{.}</value>
        </level>
      </xsl:for-each>
      <xsl:for-each select="f:language(.)">
        <languageOfInstruction>{.}</languageOfInstruction>
      </xsl:for-each>
    </learningOpportunityInstance>
  </xsl:template>

  <!-- What a person should know of a record that was mapped. -->

  <xsl:template match="j:map" mode="finding">
    <xsl:variable name="record" select="."/>
    <xsl:variable name="load" select="f:load(.)"/>
    <xsl:variable name="unit" select="$load ! f:unit(.)"/>
    <xsl:variable name="rules" as="xs:string*">
      <xsl:if test="empty(f:subject(.))">course-not-given</xsl:if>
      <xsl:if test="empty(f:label(.))">no-score</xsl:if>
      <xsl:if test="f:score(.) and f:row('result-value-types', f:scale(.))/@numeric and empty(f:number(f:score(.)))">score-not-of-its-scale</xsl:if>
      <xsl:choose>
        <xsl:when test="empty($load)">credits-missing</xsl:when>
        <xsl:when test="f:yields-credits(.) and not(f:is-programme(.))">credits-on-programme</xsl:when>
        <xsl:when test="f:yields-credits(.) and f:status(.) = 'passed' and f:sum($passed-programmes) ne f:sum($passed-courses)">credits-differ-from-courses</xsl:when>
        <xsl:when test="f:yields-credits(.)">credits-on-courses</xsl:when>
        <xsl:when test="$unit/@hours-per-credit">credits-from-hours</xsl:when>
        <xsl:when test="not($unit/@ects)">credits-in-other-unit</xsl:when>
      </xsl:choose>
      <xsl:if test="count(f:languages(.)) gt 1 or f:languages(.) ! empty(shared:language-of-any-code(.)) = true()">language-left-out</xsl:if>
      <xsl:if test="f:text(f:subject(.), 'fieldsOfStudy') and not(f:text(f:subject(.), 'fieldsOfStudy') = f:isced(.))">isced-shortened</xsl:if>
    </xsl:variable>
    <xsl:sequence select="$rules ! f:finding($record, .)"/>
  </xsl:template>

  <!-- Answers: where a thing stands, in both versions. -->

  <xsl:function name="f:items" as="element(j:map)*">
    <xsl:param name="question" as="xs:string"/>
    <xsl:sequence select="$answers[j:string[@key='question'] = $question]/j:map[@key='answer']/j:array[@key='items']/j:map"/>
  </xsl:function>

  <!-- A page has items; what was looked up has its id. Anything else is no answer, even if its status was 200. -->
  <xsl:function name="f:is-whole" as="xs:boolean">
    <xsl:param name="answer" as="element(j:map)"/>
    <xsl:variable name="ids" select="f:row('questions', f:text($answer, 'question'))/@id ! tokenize(.)"/>
    <xsl:variable name="answered" select="$answer/j:map[@key='answer']"/>
    <xsl:sequence select="
        if (exists($ids)) then exists($ids ! f:text($answered, .))
        else exists($answered/j:array[@key='items'][empty(* except j:map)])"/>
  </xsl:function>

  <xsl:function name="f:looked-up" as="element(j:map)?">
    <xsl:param name="question" as="xs:string"/>
    <xsl:param name="id" as="xs:string?"/>
    <xsl:sequence select="$answers[j:string[@key='question'] = $question][j:string[@key='about'] = $id]/j:map[@key='answer']"/>
  </xsl:function>

  <!-- The learner: who has exactly the identifier that was asked for. -->
  <xsl:function name="f:person" as="element(j:map)">
    <xsl:variable name="persons" select="f:items('persons')[$identifier = '' or f:codes(.)
        [f:text(., 'code') = $identifier][f:row('person-code-types', f:text(., 'codeType'))/@identifier = $identifierType]]"/>
    <xsl:variable name="ids" select="distinct-values($persons ! f:text(., 'personId'))"/>
    <xsl:if test="empty($ids)">
      <xsl:sequence select="f:stop('learner_not_found', 'no person has this identifier')"/>
    </xsl:if>
    <xsl:if test="count($ids) gt 1">
      <xsl:sequence select="f:stop('register_fault', 'several persons have this identifier')"/>
    </xsl:if>
    <xsl:sequence select="$persons[1]"/>
  </xsl:function>

  <!-- Whose an association says that it is; a server that ignores a filter gives those of others. -->
  <xsl:function name="f:persons-of" as="xs:string*">
    <xsl:param name="record" as="element(j:map)"/>
    <xsl:sequence select="f:text($record, 'personId'), f:text($record, 'person'), f:text($record/j:map[@key='person'], 'personId')"/>
  </xsl:function>

  <xsl:function name="f:is-programme" as="xs:boolean">
    <xsl:param name="record" as="element(j:map)"/>
    <xsl:sequence select="f:kind($record)/@type = 'Degree Programme'"/>
  </xsl:function>

  <!-- v5 says in the association what it is about; v6 has a path for each kind. -->
  <xsl:function name="f:kind" as="element(row)">
    <xsl:param name="record" as="element(j:map)"/>
    <xsl:sequence select="f:row('association-kinds', (f:text($record, 'associationType'), f:text($record/ancestor::j:map[j:string/@key = 'question'], 'about'))[1])"/>
  </xsl:function>

  <xsl:function name="f:offering" as="element(j:map)?">
    <xsl:param name="record" as="element(j:map)"/>
    <xsl:sequence select="($record/j:map[@key=('offering', 'courseOffering', 'programmeOffering')],
        (f:text($record, 'offering'), f:text($record, 'courseOfferingId'), f:text($record, 'programmeOfferingId'))
          ! f:looked-up('offering', .))[1]"/>
  </xsl:function>

  <!-- The course or programme. -->
  <xsl:function name="f:subject" as="element(j:map)?">
    <xsl:param name="record" as="element(j:map)"/>
    <xsl:variable name="offering" select="f:offering($record)"/>
    <xsl:sequence select="($offering/j:map[@key=('course', 'program', 'programme')],
        (f:text($offering, 'course'), f:text($offering, 'courseId')) ! f:looked-up('course', .),
        (f:text($offering, 'program'), f:text($offering, 'programmeId')) ! f:looked-up('programme', .))[1]"/>
  </xsl:function>

  <!-- The id of the course or programme, which its offering names even where it is not given itself. -->
  <xsl:function name="f:subject-id" as="xs:string?">
    <xsl:param name="record" as="element(j:map)"/>
    <xsl:variable name="offering" select="f:offering($record)"/>
    <xsl:sequence select="(('course', 'courseId', 'program', 'programmeId') ! f:text($offering, .),
        ('courseId', 'programId', 'programmeId') ! f:text($offering/j:map[@key=('course', 'program', 'programme')], .))[1]
        ! (f:kind($record)/@type || '/' || .)"/>
  </xsl:function>

  <xsl:function name="f:session" as="element(j:map)?">
    <xsl:param name="record" as="element(j:map)"/>
    <xsl:sequence select="($record, f:offering($record))/j:map[@key='academicSession'][f:begin(.)][f:end(.)][1]"/>
  </xsl:function>

  <xsl:function name="f:begin" as="xs:string?">
    <xsl:param name="session" as="element(j:map)"/>
    <xsl:sequence select="(f:text($session, 'startDate'), f:text($session, 'startDateTime'))[1] ! f:day(.)"/>
  </xsl:function>

  <xsl:function name="f:end" as="xs:string?">
    <xsl:param name="session" as="element(j:map)"/>
    <xsl:sequence select="(f:text($session, 'endDate'), f:text($session, 'endDateTime'))[1] ! f:day(.)"/>
  </xsl:function>

  <xsl:function name="f:result" as="element(j:map)?">
    <xsl:param name="record" as="element(j:map)"/>
    <xsl:sequence select="$record/j:map[@key='result']"/>
  </xsl:function>

  <!-- The load that was credited; else that of the enrolment, else that of the course. Where it is told in several units:
       credits, else what can be turned into them, else the first. -->
  <xsl:function name="f:load" as="element(j:map)?">
    <xsl:param name="record" as="element(j:map)"/>
    <xsl:variable name="loads" select="((f:result($record), $record, f:subject($record)) ! array { f:loads(.) })[array:size(.) gt 0][1]?*"/>
    <xsl:sequence select="($loads[f:unit(.)/@ects], $loads[f:unit(.)/@hours-per-credit], $loads)[1]"/>
  </xsl:function>

  <xsl:function name="f:loads" as="element(j:map)*">
    <xsl:param name="thing" as="element(j:map)"/>
    <xsl:sequence select="$thing/(j:map[@key='studyLoad'], j:array[@key='studyLoad']/j:map)[f:text(., 'studyLoadUnit')][f:text(., 'value')]"/>
  </xsl:function>

  <xsl:function name="f:unit" as="element(row)">
    <xsl:param name="load" as="element(j:map)"/>
    <xsl:sequence select="f:row('study-load-units', f:text($load, 'studyLoadUnit'))"/>
  </xsl:function>

  <!-- Records: what a record is called, why it is left out. -->

  <!-- The same words as recordRef in register.yaml. -->
  <xsl:function name="f:ref" as="xs:string">
    <xsl:param name="record" as="element(j:map)"/>
    <xsl:sequence select="string($record/j:string[@key='associationId'])"/>
  </xsl:function>

  <xsl:function name="f:skip-rule" as="xs:string">
    <xsl:param name="record" as="element(j:map)"/>
    <xsl:sequence select="$rules(generate-id($record))"/>
  </xsl:function>

  <!-- Of an association that is given twice, and of a course that has several results, the one that counts is taken. -->
  <xsl:function name="f:rules" as="map(xs:string, xs:string)">
    <xsl:variable name="own" as="map(xs:string, xs:string)" select="map:merge($records ! map:entry(generate-id(), f:own-rule(.)))"/>
    <xsl:variable name="first" as="element(j:map)*">
      <xsl:for-each-group select="$records" group-by="f:ref(.)">
        <xsl:sequence select="(f:best(current-group()[$own(generate-id()) = '']), current-group())[1]"/>
      </xsl:for-each-group>
    </xsl:variable>
    <xsl:variable name="replaced" as="element(j:map)*">
      <xsl:for-each-group select="$first[$own(generate-id()) = '']" group-by="f:subject-id(.)">
        <xsl:variable name="best" select="f:best(current-group())"/>
        <!-- Beside a fail something in progress is a new attempt, and stays. -->
        <xsl:sequence select="current-group()[f:status(.) ne 'in-progress' or f:status($best) = 'passed'] except $best"/>
      </xsl:for-each-group>
    </xsl:variable>
    <xsl:sequence select="map:merge($records ! map:entry(generate-id(),
        if (empty(. intersect $first)) then 'duplicate-association'
        else if (exists(. intersect $replaced)) then 'replaced-by-later-result'
        else $own(generate-id())))"/>
  </xsl:function>

  <!-- A pass before a fail, and a fail before what is in progress; the later one; the one that was given last. -->
  <xsl:function name="f:best" as="element(j:map)?">
    <xsl:param name="records" as="element(j:map)*"/>
    <xsl:variable name="sorted" as="element(j:map)*">
      <xsl:perform-sort select="$records">
        <xsl:sort select="index-of(('in-progress', 'failed', 'passed'), f:status(.))"/>
        <xsl:sort select="string(f:date(.))"/>
      </xsl:perform-sort>
    </xsl:variable>
    <xsl:sequence select="$sorted[last()]"/>
  </xsl:function>

  <!-- The rule that leaves a record out whatever else there is. -->
  <xsl:function name="f:own-rule" as="xs:string">
    <xsl:param name="record" as="element(j:map)"/>
    <xsl:variable name="kind" select="f:kind($record)"/>
    <xsl:variable name="role" select="f:row('association-roles', f:text($record, 'role'))"/>
    <xsl:variable name="state" select="f:row('association-states', f:text($record, 'state'))"/>
    <xsl:variable name="result" select="f:result($record)"/>
    <xsl:sequence select="
        if ($kind/@skip) then string($kind/@skip)
        else if ($role/@skip) then string($role/@skip)
        else if ($state/@skip) then string($state/@skip)
        else if (empty($result)) then 'no-result'
        else string(f:outcome($result)/@skip)"/>
  </xsl:function>

  <!-- State and pass decide together; what is not completed need not say whether it is passed. -->
  <xsl:function name="f:outcome" as="element(row)">
    <xsl:param name="result" as="element(j:map)"/>
    <xsl:variable name="state" select="f:row('result-states', f:text($result, 'state'))"/>
    <xsl:variable name="pass" select="f:row('passes', (f:text($result, 'pass'), 'not-said')[1])"/>
    <xsl:sequence select="
        if (not($state/@completed)) then $state
        else if ($pass/@code = 'failed' and $result/j:boolean[@key='final'] = 'true') then f:row('passes', 'failed-for-good')
        else $pass"/>
  </xsl:function>

  <xsl:function name="f:status" as="xs:string">
    <xsl:param name="record" as="element(j:map)"/>
    <xsl:sequence select="string(f:outcome(f:result($record))/@status)"/>
  </xsl:function>

  <xsl:function name="f:date" as="xs:string?">
    <xsl:param name="record" as="element(j:map)"/>
    <xsl:variable name="result" select="f:result($record)"/>
    <xsl:sequence select="(f:text($result, 'resultDate'), f:text($result, 'resultDateTime'))[1] ! f:day(.)"/>
  </xsl:function>

  <!-- Grades. -->

  <xsl:function name="f:score" as="xs:string?">
    <xsl:param name="record" as="element(j:map)"/>
    <xsl:sequence select="f:result($record) ! f:text(., 'score')"/>
  </xsl:function>

  <!-- The scale belongs to the offering; without one the score stands for itself. -->
  <xsl:function name="f:scale" as="xs:string">
    <xsl:param name="record" as="element(j:map)"/>
    <xsl:variable name="type" select="f:offering($record) ! f:text(., 'resultValueType')"/>
    <xsl:sequence select="string(f:row('result-value-types', ($type, 'not-said')[1])/(@same-as, @code)[1])"/>
  </xsl:function>

  <!-- Dutch systems write 7,5 and 7.5 for one grade: a number is written with a point. -->
  <xsl:function name="f:label" as="xs:string?">
    <xsl:param name="record" as="element(j:map)"/>
    <xsl:variable name="score" select="f:score($record)"/>
    <xsl:variable name="number" select="$score[f:row('result-value-types', f:scale($record))/@numeric] ! f:number(.)"/>
    <xsl:sequence select="($number, $score)[1]"/>
  </xsl:function>

  <xsl:function name="f:number" as="xs:string?">
    <xsl:param name="score" as="xs:string"/>
    <xsl:sequence select="replace($score, ',', '.')[matches(., '^[0-9]+(\.[0-9]+)?$')] ! shared:decimal(.)"/>
  </xsl:function>

  <!-- Credits: ects as they are, hours of study by the row's number of hours, anything else not at all. -->
  <xsl:function name="f:ects" as="xs:string?">
    <xsl:param name="record" as="element(j:map)"/>
    <xsl:variable name="load" select="f:load($record)"/>
    <xsl:for-each select="$load">
      <xsl:variable name="unit" select="f:unit(.)"/>
      <xsl:variable name="value" select="f:text(., 'value')"/>
      <xsl:if test="not($value castable as xs:decimal)">
        <xsl:sequence select="f:stop('answer_unreadable', 'the value of a studyLoad is no decimal')"/>
      </xsl:if>
      <xsl:sequence select="
          if ($unit/@ects) then shared:decimal($value)
          else if ($unit/@hours-per-credit) then string(round(xs:decimal($value) div xs:decimal($unit/@hours-per-credit), 2))
          else ()"/>
    </xsl:for-each>
  </xsl:function>

  <!-- Whether its credits stand elsewhere: at the passed courses, else at a passed programme, else at the courses. -->
  <xsl:function name="f:yields-credits" as="xs:boolean">
    <xsl:param name="record" as="element(j:map)"/>
    <xsl:variable name="passed" select="f:status($record) = 'passed'"/>
    <xsl:sequence select="
        if (not(f:is-programme($record))) then $programmes-bear and not($passed)
        else if ($passed) then exists($passed-courses)
        else exists($bearing-courses)"/>
  </xsl:function>

  <xsl:function name="f:sum" as="xs:decimal">
    <xsl:param name="records" as="element(j:map)*"/>
    <xsl:sequence select="sum($records ! xs:decimal(f:ects(.)), 0.0)"/>
  </xsl:function>

  <xsl:function name="f:eqf" as="xs:string?">
    <xsl:param name="record" as="element(j:map)"/>
    <xsl:variable name="subject" select="f:subject($record)"/>
    <xsl:sequence select="(f:text($subject, 'levelOfQualification') ! f:row('levels-of-qualification', .)/@eqf/string(),
        f:text($subject, 'level') ! f:row('levels', .)/@eqf/string())[1]"/>
  </xsl:function>

  <!-- As v5 and v6 name them: one, or several. -->
  <xsl:function name="f:languages" as="xs:string*">
    <xsl:param name="record" as="element(j:map)"/>
    <xsl:variable name="told" select="(f:offering($record), f:subject($record))
        [f:text(., 'teachingLanguage') or j:array[@key='teachingLanguages']/j:string][1]"/>
    <xsl:sequence select="distinct-values(($told ! f:text(., 'teachingLanguage'), $told/j:array[@key='teachingLanguages']/j:string ! normalize-space()))"/>
  </xsl:function>

  <xsl:function name="f:language" as="xs:string?">
    <xsl:param name="record" as="element(j:map)"/>
    <xsl:variable name="languages" select="f:languages($record)"/>
    <xsl:sequence select="$languages[count($languages) = 1] ! shared:language-of-any-code(.)"/>
  </xsl:function>

  <!-- ISCED-F has four digits at most; more are of the national classification that refines it. -->
  <xsl:function name="f:isced" as="xs:string?">
    <xsl:param name="record" as="element(j:map)"/>
    <xsl:sequence select="f:text(f:subject($record), 'fieldsOfStudy')[matches(., '^[0-9]{2,6}$')] ! substring(., 1, 4)"/>
  </xsl:function>

  <xsl:function name="f:citizenship" as="xs:string?">
    <xsl:param name="person" as="element(j:map)"/>
    <xsl:sequence select="(f:text($person/j:map[@key='nationality'], 'iso3166-1-alpha2'), f:text($person, 'nationality'))
        [matches(., '^[A-Z]{2}$')][1]"/>
  </xsl:function>

  <!-- Small things. -->

  <!-- x- marks what an institution added to the list for itself. -->
  <xsl:function name="f:codes" as="element(j:map)*">
    <xsl:param name="thing" as="element(j:map)"/>
    <xsl:sequence select="($thing/j:map[@key='primaryCode'], $thing/j:array[@key='otherCodes']/j:map)
        [f:text(., 'codeType')][f:text(., 'code')][not(starts-with(f:text(., 'codeType'), 'x-'))]"/>
  </xsl:function>

  <!-- A value's text; null and an empty one are as good as none. -->
  <xsl:function name="f:text" as="xs:string?">
    <xsl:param name="thing" as="element(j:map)?"/>
    <xsl:param name="key" as="xs:string"/>
    <xsl:sequence select="$thing/(j:string | j:number | j:boolean)[@key = $key] ! normalize-space()[. ne '']"/>
  </xsl:function>

  <!-- A moment is dated as at the institution: 22:00 in UTC is tomorrow there, in summer. A day is that day anywhere. -->
  <xsl:function name="f:day" as="xs:string">
    <xsl:param name="text" as="xs:string"/>
    <xsl:variable name="moment" as="xs:dateTime?" select="if ($text castable as xs:dateTime) then xs:dateTime($text) else ()"/>
    <xsl:variable name="day" select="
        if (exists(timezone-from-dateTime($moment))) then format-dateTime($moment, '[Y0001]-[M01]-[D01]', (), (), $time-zone)
        else substring($text, 1, 10)"/>
    <xsl:if test="not($day castable as xs:date)">
      <xsl:sequence select="f:stop('answer_unreadable', 'a date is no ISO date')"/>
    </xsl:if>
    <xsl:sequence select="$day"/>
  </xsl:function>

  <xsl:function name="f:row" as="element(row)">
    <xsl:param name="table" as="xs:string"/>
    <xsl:param name="code" as="xs:string?"/>
    <xsl:sequence select="shared:row($tables, $table, $code)"/>
  </xsl:function>

  <xsl:function name="f:finding" as="element(hub:finding)">
    <xsl:param name="record" as="element(j:map)?"/>
    <xsl:param name="rule" as="xs:string"/>
    <hub:finding rule="{$rule}" severity="{f:row('finding-rules', $rule)/@severity}">
      <xsl:if test="exists($record)">
        <xsl:attribute name="ref" select="f:ref($record)"/>
      </xsl:if>
    </hub:finding>
  </xsl:function>

  <xsl:function name="f:stop" as="item()*">
    <xsl:param name="code" as="xs:string"/>
    <xsl:param name="text" as="xs:string"/>
    <xsl:message terminate="yes" error-code="{$code}">{$text}</xsl:message>
  </xsl:function>

</xsl:stylesheet>
